"""How trust is won back: wants, apology, the client's remedy, and something extra."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.models.complaint import Complaint
from core.ids import uuid7
from core.models import Row, User

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Want(models.Model):
    """One of the eight things that an upset client wants, as far as somebody has judged it.

    A number without a row is not known to be wanted and not done.
    """

    class Number(models.IntegerChoices):
        HEARD = 1, _("To be heard and taken seriously")
        UNDERSTOOD = 2, _("That we understand the problem and why it upsets")
        COMPENSATED = 3, _("Compensation or restitution")
        PROMPT = 4, _("That we hurry")
        SPARED = 5, _("No further inconvenience")
        RESPECTED = 6, _("Respect")
        ANSWERED_FOR = 7, _("That somebody answers for it")
        ASSURED = 8, _("That it will not happen again")

    class Wanted(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="wants")
    number = models.PositiveSmallIntegerField(_("want"), choices=Number)
    wanted = models.CharField(_("wanted"), max_length=7, choices=Wanted, default=Wanted.UNKNOWN)
    done = models.BooleanField(_("given"), default=False)
    evidence = models.CharField(_("how we know"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("want"), _("wants")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="want_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 8)), name="wants_are_eight"),
            models.CheckConstraint(
                condition=Q(done=False) | ~Q(evidence=""), name="given_want_says_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.wanted}"


@pgtrigger.register(
    pgtrigger.Protect(name="apology_stays", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Apology(models.Model):
    """That we said sorry, in which words. Regret is no admission: liability has a field of its own."""

    class Form(models.TextChoices):
        REGRET = "regret", _("Regret that it happened")
        RESPONSIBILITY = "responsibility", _("Regret, and ours to put right")
        LEGAL = "legal", _("With the wording of our lawyers")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="apologies")
    form = models.CharField(_("form"), max_length=16, choices=Form)
    text = models.TextField(_("in which words"))
    channel = models.CharField(_("channel"), max_length=14, choices=Complaint.Channel)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    to = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    admission_of_liability = models.BooleanField(_("admits liability"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("apology"), _("apologies")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="apology_has_words")]

    def __str__(self) -> str:
        return f"{self.form} {self.at}"


class Remedy(Row):
    """What the client was asked and said would put it right, and what became of it (C-9).

    tries          -- documented attempts to ask that failed; two are enough to go on unasked.
    estimated_cost -- in the account's currency; original_* is what the client named in another
                      one, with the rate (account's currency for one of the original).
    decision_reason, counter_text -- told to the client.
    """

    class State(models.TextChoices):
        NOT_ASKED = "not_asked", _("Not asked yet")
        ASKED = "asked", _("Asked")
        PROPOSED = "proposed", _("The client has proposed")
        ACCEPTED = "accepted", _("Accepted")
        COUNTERED = "countered", _("We offered something else")
        DECLINED = "declined", _("Declined")
        DELIVERED = "delivered", _("Delivered")
        CONFIRMED = "confirmed", _("Confirmed by the client")

    class Feasible(models.TextChoices):
        UNKNOWN = "unknown", _("Not checked yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    DECIDED = (State.ACCEPTED, State.COUNTERED, State.DECLINED, State.DELIVERED, State.CONFIRMED)

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NOT_ASKED)
    asked_at = models.DateTimeField(_("asked"), null=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    client_text = models.TextField(_("what the client wants"), blank=True)
    proposed_at = models.DateTimeField(null=True)
    estimated_cost = models.DecimalField(
        _("what it costs us"), **MONEY, null=True, validators=[MinValueValidator(0)]
    )
    original_cost = models.DecimalField(**MONEY, null=True)
    original_currency = models.CharField(max_length=3, blank=True)
    original_rate = models.DecimalField(max_digits=16, decimal_places=8, null=True)
    feasible = models.CharField(
        _("can we do it"), max_length=7, choices=Feasible, default=Feasible.UNKNOWN
    )
    feasible_how = models.CharField(_("how, or why not"), max_length=500, blank=True)
    feasible_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lawful = models.BooleanField(_("lawful"), default=True)
    decision_reason = models.TextField(_("reason, as the client is told"), blank=True)
    counter_text = models.TextField(_("what we offer instead"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    client_answer = models.TextField(_("the client's answer"), blank=True)
    delivered_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    audit_hides = frozenset(
        {"client_text", "feasible_how", "decision_reason", "counter_text", "client_answer"}
    )

    class Meta:
        verbose_name, verbose_name_plural = _("remedy"), _("remedies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="not_asked", asked_at=None)
                | (~Q(state="not_asked") & Q(asked_at__isnull=False)),
                name="asked_remedy_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["not_asked", "asked"]) | ~Q(client_text=""),
                name="proposed_remedy_has_words",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "countered", "declined"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_remedy_has_a_decider",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["countered", "declined"]) | ~Q(decision_reason=""),
                name="refused_remedy_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="countered") | ~Q(counter_text=""),
                name="countered_remedy_offers_something",
            ),
            models.CheckConstraint(
                condition=Q(estimated_cost=None) | Q(estimated_cost__gte=0),
                name="remedy_cost_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(original_cost=None, original_currency="", original_rate=None)
                | Q(
                    original_cost__isnull=False,
                    original_currency__regex="^[A-Z]{3}$",
                    original_rate__gt=0,
                ),
                name="foreign_cost_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"], condition=Q(state="proposed"), name="remedy_to_decide"
            )
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def is_decided(self) -> bool:
        return self.state in self.DECIDED


class MakeGood(Row):
    """X plus something: what we owe (base), and what nobody asked for (plus). Never a concession.

    All amounts are in the account's currency. suggested -- the sum the rule suggested at the time.
    voluntary -- whether the plus is a gift: false if the client had demanded it (C-10).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        DELIVERED = "delivered", _("Delivered")

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED)
    base = models.CharField(_("what we owe (X)"), max_length=250)
    base_cost = models.DecimalField(**MONEY, default=Decimal(0))
    credit = models.DecimalField(_("credited to the client"), **MONEY, default=Decimal(0))
    plus = models.CharField(_("plus something"), max_length=250, blank=True)
    plus_cost = models.DecimalField(**MONEY, default=Decimal(0))
    suggested = models.DecimalField(_("suggested"), **MONEY)
    voluntary = models.BooleanField(_("nobody asked for it"), default=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("make-good"), _("make-goods")
        constraints = [
            models.CheckConstraint(
                condition=Q(base_cost__gte=0, plus_cost__gte=0, credit__gte=0, suggested__gte=0),
                name="make_good_costs_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="agreed_make_good_has_an_approver",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at=None)),
                name="delivered_make_good_has_a_moment",
            ),
            models.CheckConstraint(condition=~Q(plus="") | Q(plus_cost=0), name="plus_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.base} + {self.plus}"

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def has_plus(self) -> bool:
        return bool(self.plus)
