"""Bad news that must fly: from whoever knows first to the manager, and on to the client."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from core.models import Row, User


class BadNewsQuerySet(models.QuerySet["BadNews"]):
    def visible_to(self, user: User) -> BadNewsQuerySet:
        """Return the news about accounts the person may read, except to administrators.

        These, and programs, read what they brought themselves.
        """
        visible = self.filter(account__in=Account.objects.visible_to(user))
        if set(user.roles) <= {User.Role.ADMINISTRATOR, User.Role.API_CLIENT}:
            return visible.filter(reported_by=user)
        return visible

    def unacknowledged(self) -> BadNewsQuerySet:
        return self.filter(acknowledged_at=None)

    def untold(self) -> BadNewsQuerySet:
        """Return what the client has not heard from us yet, and should."""
        return self.filter(told_at=None, spared_because="")


class BadNews(Row):
    """Something that will hurt a client, told by anybody of ours.

    first_known_at -- when any of us knew first.
    ack_due_at     -- 60 minutes of the account's open time after it was reported.
    spared_because -- why the client need not hear of it, decided by his manager.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="bad_news", verbose_name=_("account")
    )
    what = models.TextField(_("what happened"))
    may_cause = models.TextField(_("what it may cause for the client"), blank=True)
    first_known_at = models.DateTimeField(_("known since"))
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    ack_due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(_("client told"), null=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    told_how = models.CharField(_("how the client was told"), max_length=500, blank=True)
    spared_because = models.CharField(max_length=500, blank=True)
    thanked_at = models.DateTimeField(null=True)

    objects = BadNewsQuerySet.as_manager()
    audit_hides = frozenset({"what", "may_cause", "told_how", "spared_because"})

    class Meta:
        verbose_name, verbose_name_plural = _("bad news"), _("bad news")
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="bad_news_newest"),
            models.Index(fields=["account", "-reported_at"], name="bad_news_by_account"),
            models.Index(
                fields=["ack_due_at"], condition=Q(acknowledged_at=None), name="bad_news_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_known_at__lte=F("reported_at")),
                name="bad_news_is_known_before_told",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__gte=F("reported_at"), acknowledged_by__isnull=False),
                name="bad_news_is_seen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None, told_how="")
                | (
                    Q(told_at__gte=F("first_known_at"), told_by__isnull=False)
                    & ~Q(told_how="")
                    & Q(spared_because="")
                ),
                name="bad_news_is_told_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.reported_at:%Y-%m-%d %H:%M}"

    @property
    def is_acknowledged(self) -> bool:
        return self.acknowledged_at is not None

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_acknowledged and self.ack_due_at < now

    @property
    def audit_label(self) -> str:
        return self.account.name
