"""Alarms about an account: what rules have seen, until somebody has dealt with it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from core.models import Row, User


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> AlertQuerySet:
        """Return the alerts of accounts the person may read, except to administrators.

        Programs speak to clients, and this is internal.
        """
        if set(user.roles) <= {User.Role.ADMINISTRATOR, User.Role.API_CLIENT}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))

    def standing(self) -> AlertQuerySet:
        """Return what is still true, acknowledged or not."""
        return self.filter(state__in=Alert.STANDING)

    def awake(self, now: datetime) -> AlertQuerySet:
        """Return the standing alerts that nobody has put off beyond now."""
        return self.standing().filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))


class Alert(Row):
    """One standing alarm per (kind, account, subject); raising it again updates it.

    facts -- the figures of its sentence, such as {"misses": 2, "days": 60}.
    renewed_at -- when a rule last found it true.
    """

    class Level(models.TextChoices):
        INFO = "info", _("For information")
        AMBER = "amber", _("Watch")
        RED = "red", _("Act now")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Seen")
        RESOLVED = "resolved", _("Dealt with")
        EXPIRED = "expired", _("No longer true")

    STANDING = (State.OPEN, State.ACKNOWLEDGED)

    kind = models.CharField(_("kind"), max_length=24)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="alerts", verbose_name=_("account")
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.UUIDField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    level = models.CharField(_("level"), max_length=5, choices=Level)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    raised_at = models.DateTimeField(_("since"))
    renewed_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    assignee = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who deals with it")
    )
    acknowledged_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(_("put off until"), null=True)
    snooze_reason = models.CharField(_("why it is put off"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("alert"), _("alerts")
        indexes = [
            models.Index(
                fields=["-raised_at", "-id"],
                condition=Q(state__in=["open", "acknowledged"]),
                name="alert_standing",
            ),
            models.Index(fields=["account", "-raised_at"], name="alert_by_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "account", "subject_id"],
                condition=Q(state__in=["open", "acknowledged"]),
                nulls_distinct=False,
                name="one_standing_alert_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged"], ended_at=None)
                | Q(state__in=["resolved", "expired"], ended_at__isnull=False),
                name="ended_alert_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until=None, snooze_reason="")
                | (Q(snoozed_until__isnull=False) & ~Q(snooze_reason="")),
                name="snoozed_alert_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    def is_snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and now < self.snoozed_until

    @property
    def audit_label(self) -> str:
        return self.account.name
