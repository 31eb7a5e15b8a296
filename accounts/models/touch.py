"""What was said between us and the client."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.contact import Contact
from core.models import Row, User


class TouchQuerySet(models.QuerySet["Touch"]):
    def visible_to(self, user: User) -> TouchQuerySet:
        """Return the touches of accounts the person may read, except to administrators."""
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))


class Touch(Row):
    """One contact with the client (interaction).

    client_said -- what is really going on there; belongs to the STAKE field set.
    sentiment   -- −2 angry … +2 delighted.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "formal_meeting", _("Formal meeting")
        INFORMAL = "informal_meeting", _("Informal meeting")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("Message")
        EVENT = "event", _("Event")
        SITE_VISIT = "site_visit", _("Site visit")

    class Direction(models.TextChoices):
        OUT = "out", _("We contacted them")
        IN = "in", _("They contacted us")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="touches", verbose_name=_("account")
    )
    kind = models.CharField(_("kind"), max_length=18, choices=Kind, default=Kind.CALL)
    at = models.DateTimeField(_("when"))
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction, default=Direction.OUT
    )
    two_way = models.BooleanField(_("we talked, not only wrote"), default=True)
    contacts = models.ManyToManyField(
        Contact, blank=True, related_name="touches", verbose_name=_("with whom")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    summary = models.TextField(_("what was said"))
    client_said = models.TextField(_("what is really going on at the client"), blank=True)
    next_step = models.CharField(_("next step"), max_length=250, blank=True)
    sentiment = models.SmallIntegerField(
        _("mood"), null=True, blank=True,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )  # fmt: skip

    objects = TouchQuerySet.as_manager()
    audit_hides = frozenset({"summary", "client_said", "next_step"})

    class Meta:
        verbose_name, verbose_name_plural = _("touch"), _("touches")
        indexes = [models.Index(fields=["account", "-at", "-id"], name="touch_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__range=(-2, 2)),
                name="sentiment_is_minus_2_to_2",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
