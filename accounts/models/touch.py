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
        """Return the touches of accounts the person may read, except to administrators.

        A program reads those that it recorded itself: what colleagues noted of a talk is ours.
        """
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        rows = self.filter(account__in=Account.objects.visible_to(user))
        return rows.filter(by=user) if user.has_role(User.Role.API_CLIENT) else rows


class Touch(Row):
    """One contact with the client (interaction).

    client_said -- what is really going on there; belongs to the STAKE field set.
    sentiment   -- −2 angry … +2 delighted.
    hospitality_value -- what we spent on each guest of an informal meeting (S-8).
    hospitality_by -- the head who has decided on what lies above the limit.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "formal_meeting", _("Formal meeting")
        INFORMAL = "informal_meeting", _("Informal meeting")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("Message")
        EVENT = "event", _("Event")
        SITE_VISIT = "site_visit", _("Site visit")

    class Informal(models.TextChoices):
        LUNCH = "lunch", _("Lunch")
        DINNER = "dinner", _("Dinner")
        BREAKFAST = "business_breakfast", _("Business breakfast")
        EVENT = "industry_event", _("Industry event")

    class Hospitality(models.TextChoices):
        WITHIN = "within", _("Within the limit")
        WAITING = "waiting", _("Waits for approval")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

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
    informal_kind = models.CharField(
        _("kind of informal meeting"), max_length=18, choices=Informal, blank=True
    )
    hospitality_value = models.DecimalField(
        _("hospitality per person"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    hospitality_currency = models.CharField(_("currency"), max_length=3, blank=True)
    hospitality_state = models.CharField(
        _("hospitality"), max_length=8, choices=Hospitality, blank=True
    )
    hospitality_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    hospitality_reason = models.CharField(_("why it was refused"), max_length=500, blank=True)

    objects = TouchQuerySet.as_manager()
    audit_hides = frozenset(
        {"summary", "client_said", "next_step", "hospitality_value", "hospitality_reason"}
    )

    class Meta:
        verbose_name, verbose_name_plural = _("touch"), _("touches")
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="touch_by_account"),
            models.Index(
                fields=["at"], condition=Q(hospitality_state="waiting"), name="hospitality_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sentiment=None) | Q(sentiment__range=(-2, 2)),
                name="sentiment_is_minus_2_to_2",
            ),
            models.CheckConstraint(
                condition=Q(kind="informal_meeting") | Q(informal_kind="", hospitality_value=None),
                name="hospitality_is_informal",
            ),
            models.CheckConstraint(
                condition=Q(hospitality_value=None, hospitality_currency="", hospitality_state="")
                | Q(hospitality_value__isnull=False, hospitality_value__gte=0)
                & Q(hospitality_currency__regex="^[A-Z]{3}$")
                & ~Q(hospitality_state=""),
                name="hospitality_is_judged",
            ),
            models.CheckConstraint(
                condition=Q(hospitality_by=None, hospitality_state__in=["", "within", "waiting"])
                | Q(hospitality_by__isnull=False, hospitality_state__in=["approved", "refused"]),
                name="hospitality_decision_names_who",
            ),
            models.CheckConstraint(
                condition=(Q(hospitality_state="refused") & ~Q(hospitality_reason=""))
                | (~Q(hospitality_state="refused") & Q(hospitality_reason="")),
                name="refused_hospitality_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"

    @property
    def waits_for_approval(self) -> bool:
        return self.hospitality_state == self.Hospitality.WAITING
