"""What a client was promised in writing. One row is one version; a sent one never changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account
from core.ids import uuid7
from core.models import Calendar, Row, User
from sla.house import Promised
from sla.models.measures import Metric, Priority

TERMS = (
    "account_id", "scope", "starts_on", "ends_on", "calendar_id", "covers_children", "auto_renew",
    "notice_days", "monthly_fee", "currency", "review_every", "monthly_cap_percent",
    "annual_cap_percent", "n_min", "per_extra_miss_percent", "tolerated_misses", "revision",
    "predecessor_id",
)  # fmt: skip
"""What a client agreed to; the database refuses to change it once it was sent."""


class Period(Func):
    """The contract's days as a range, both ends included; no end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


def _row(alias: str) -> str:
    return ", ".join(f"{alias}.{column}" for column in TERMS)


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: User) -> ContractQuerySet:
        """Return the contracts of accounts the person may read, except to administrators.

        Programs speak to clients: they read what a client was sent.
        """
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        rows = self.filter(account__in=Account.objects.visible_to(user))
        return rows.exclude(sent_at=None) if user.has_role(User.Role.API_CLIENT) else rows

    def in_force(self, day: date) -> ContractQuerySet:
        running = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(running, state__in=Contract.IN_FORCE, starts_on__lte=day)


class Contract(Row):
    """One version of an SLA with one account; it may cover the companies below it.

    scope     -- what it is for, such as "Kiosk service"; empty is all we do for the account.
    sent_at   -- when the client got it; from then on terms, targets and all the rest are final.
    ended_on  -- the last day of a contract that was terminated.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        NEGOTIATING = "negotiating", _("In negotiation")
        AGREED = "agreed", _("Agreed")
        ACTIVE = "active", _("In force")
        EXPIRING = "expiring", _("Ending soon")
        RENEWED = "renewed", _("Renewed")
        EXPIRED = "expired", _("Expired")
        TERMINATED = "terminated", _("Terminated")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced by a newer version")

    IN_FORCE = (State.ACTIVE, State.EXPIRING)
    IN_TALKS = (State.DRAFT, State.PROPOSED, State.NEGOTIATING, State.AGREED)

    no = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    revision = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="successor"
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="contracts", verbose_name=_("account")
    )
    scope = models.CharField(_("what it is for"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    covers_children = models.BooleanField(_("covers the companies of the group"), default=False)
    auto_renew = models.BooleanField(_("renews itself"), default=False)
    notice_days = models.PositiveSmallIntegerField(_("notice, days"), default=60)
    monthly_fee = models.DecimalField(
        _("monthly fee"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    review_every = models.PositiveSmallIntegerField(_("review every, months"), default=3)
    next_review = models.DateField(_("next review"), null=True, blank=True)
    monthly_cap_percent = models.DecimalField(
        # xgettext:no-python-format
        _("credits at most, % of the month’s fee"),
        max_digits=7, decimal_places=4, default=Decimal(10),
    )  # fmt: skip
    annual_cap_percent = models.DecimalField(
        # xgettext:no-python-format
        _("credits at most, % of the year’s fee"),
        max_digits=7, decimal_places=4, default=Decimal(5),
    )  # fmt: skip
    n_min = models.PositiveSmallIntegerField(_("cases from which bands count"), default=10)
    per_extra_miss_percent = models.DecimalField(
        _("credit for each further miss, %"), max_digits=7, decimal_places=4, default=Decimal(2)
    )
    tolerated_misses = models.PositiveSmallIntegerField(_("misses without a credit"), default=1)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, editable=False)
    signed_by_us = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_by_us_on = models.DateField(null=True, editable=False)
    signed_by_client = models.CharField(_("who signed for the client"), max_length=160, blank=True)
    signed_by_client_on = models.DateField(null=True, editable=False)
    document = models.CharField(_("where the signed document is"), max_length=250, blank=True)
    ended_on = models.DateField(null=True, editable=False)

    objects = ContractQuerySet.as_manager()
    audit_hides = frozenset({"signed_by_client"})

    class Meta:
        verbose_name, verbose_name_plural = _("SLA contract"), _("SLA contracts")
        indexes = [models.Index(fields=["account", "state"], name="contract_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None)
                | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="only_a_draft_is_not_sent",
            ),
            models.CheckConstraint(
                condition=Q(monthly_fee=None) | Q(monthly_fee__gte=0),
                name="contract_fee_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    monthly_cap_percent__range=(0, 100),
                    annual_cap_percent__range=(0, 100),
                    per_extra_miss_percent__range=(0, 100),
                ),
                name="credit_caps_are_percents",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="contract_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(review_every__gte=1), name="contract_review_takes_months"
            ),
            ExclusionConstraint(
                name="contracts_in_force_do_not_overlap",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (
                        Period("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["active", "expiring"]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sent_terms_are_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.sent_at IS NOT NULL AND (
                        NEW.sent_at IS DISTINCT FROM OLD.sent_at
                        OR ({_row("NEW")}) IS DISTINCT FROM ({_row("OLD")})
                    ) THEN
                        RAISE EXCEPTION 'the terms of a sent contract never change'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_in_force(self) -> bool:
        return self.state in self.IN_FORCE

    @property
    def is_signed(self) -> bool:
        return self.signed_by_us_on is not None and self.signed_by_client_on is not None

    def holds_on(self, day: date) -> bool:
        """Say whether it is in force on this day."""
        has_begun = self.is_in_force and self.starts_on <= day
        return has_begun and (self.ends_on is None or day <= self.ends_on)


class Final(pgtrigger.Trigger):
    """Refuses any change of what belongs to a contract that was sent."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = """
        PERFORM 1 FROM sla_contract
            WHERE id IN (NEW.contract_id, OLD.contract_id) AND sent_at IS NOT NULL;
        IF FOUND THEN
            RAISE EXCEPTION 'the terms of a sent contract never change'
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    """


class Target(models.Model):
    """How fast we act: minutes of open time, or of any time when around_the_clock.

    category -- only for complaints of this kind; empty for all. The more specific one wins.
    attainment_percent -- the share of cases in which we mean to keep it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="targets")
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    category = models.CharField(_("category"), max_length=16, blank=True)
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric)
    minutes = models.PositiveIntegerField(_("minutes"))
    around_the_clock = models.BooleanField(_("around the clock"), default=False)
    attainment_percent = models.DecimalField(
        # xgettext:no-python-format
        _("to be kept in, % of cases"),
        max_digits=7,
        decimal_places=4,
        default=Decimal(90),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("target"), _("targets")
        ordering = ["priority", "category", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "priority", "category", "metric"], name="one_target_per_metric"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
            models.CheckConstraint(
                condition=Q(attainment_percent__gt=0, attainment_percent__lte=100),
                name="attainment_is_a_percent",
            ),
        ]
        triggers = [Final(name="target_is_final")]

    def __str__(self) -> str:
        return f"{self.priority} {self.category} {self.metric} {self.minutes}"

    @property
    def promised(self) -> Promised:
        return Promised(timedelta(minutes=self.minutes), self.around_the_clock)


class ScopeItem(models.Model):
    """One service of the contract: how much of it, and what is not part of it."""

    class Per(models.TextChoices):
        ONCE = "once", pgettext_lazy("how often", "once")
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="scope_items")
    service = models.CharField(_("service"), max_length=160)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    per = models.CharField(_("per"), max_length=5, choices=Per, blank=True)
    excluded = models.CharField(_("not included"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("service"), _("services")
        ordering = ["id"]
        triggers = [Final(name="scope_item_is_final")]

    def __str__(self) -> str:
        return self.service


class Exclusion(models.Model):
    """What does not count against us. A supplier's delay is not on this list and never will be."""

    class Kind(models.TextChoices):
        CLIENT_DELAY = "client_delay", _("The client delayed the work")
        AGREED_MAINTENANCE = "agreed_maintenance", _("Maintenance agreed in advance")
        CLIENT_REFUSED_ACCESS = "client_refused_access", _("The client refused access")
        OUT_OF_SCOPE = "out_of_scope", _("Outside what was agreed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="exclusions")
    kind = models.CharField(_("kind"), max_length=22, choices=Kind)
    text = models.CharField(_("what exactly"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("exclusion"), _("exclusions")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind"], name="one_exclusion_per_kind"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "client_delay",
                        "agreed_maintenance",
                        "client_refused_access",
                        "out_of_scope",
                    ]
                ),
                name="exclusions_are_a_closed_list",
            ),
        ]
        triggers = [Final(name="exclusion_is_final")]

    def __str__(self) -> str:
        return self.kind


class CreditBand(models.Model):
    """Credit for a month whose attainment of a metric lies in [from_percent, to_percent)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="credit_bands")
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric)
    from_percent = models.DecimalField(_("from, %"), max_digits=7, decimal_places=4)
    to_percent = models.DecimalField(_("to less than, %"), max_digits=7, decimal_places=4)
    # xgettext:no-python-format
    credit_percent = models.DecimalField(_("credit, % of the fee"), max_digits=7, decimal_places=4)

    class Meta:
        verbose_name, verbose_name_plural = _("credit band"), _("credit bands")
        ordering = ["metric", "-from_percent"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    from_percent__gte=0,
                    to_percent__gt=F("from_percent"),
                    to_percent__lte=100,
                    credit_percent__range=(0, 100),
                ),
                name="credit_band_is_a_range_of_percents",
            ),
            ExclusionConstraint(
                name="credit_bands_do_not_overlap",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("metric", RangeOperators.EQUAL),
                    (
                        Func("from_percent", "to_percent", function="NUMRANGE"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [Final(name="credit_band_is_final")]

    def __str__(self) -> str:
        return f"{self.metric} [{self.from_percent}, {self.to_percent})"


class EscalationStep(models.Model):
    """What happens when a promised time runs out: who hears of it, who takes over.

    percent or minutes_from_due -- exactly one says when: a share of the target, or counted time
        before (negative) or after the due moment.
    any_hour -- it also happens outside working hours; else at the next opening.
    repeat_minutes, repeat_limit -- again every so often of counted time, at most so many times.
    """

    class Action(models.TextChoices):
        NOTIFY = "notify", _("Tell")
        REASSIGN = "reassign", _("Give it to")
        RAISE = "raise", _("Raise the priority and tell")

    class Hearer(models.TextChoices):
        ASSIGNEE = "assignee", _("Who works on it")
        MANAGER = "manager", _("Account manager")
        HEAD = "head", _("Head of key accounts")
        EXECUTIVE = "executive", _("Executive")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="escalation_steps")
    position = models.PositiveSmallIntegerField()
    priority = models.CharField(_("priority"), max_length=2, choices=Priority, blank=True)
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric, blank=True)
    # xgettext:no-python-format
    percent = models.PositiveSmallIntegerField(_("at % of the time"), null=True, blank=True)
    minutes_from_due = models.IntegerField(_("minutes from the deadline"), null=True, blank=True)
    action = models.CharField(_("what happens"), max_length=8, choices=Action)
    hearer = models.CharField(_("who"), max_length=9, choices=Hearer, blank=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    any_hour = models.BooleanField(_("day and night"), default=False)
    repeat_minutes = models.PositiveIntegerField(_("again every, minutes"), null=True, blank=True)
    repeat_limit = models.PositiveSmallIntegerField(_("at most, times"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("escalation step"), _("escalation steps")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="steps_have_an_order"),
            models.CheckConstraint(
                condition=Q(percent__isnull=False, percent__range=(1, 99), minutes_from_due=None)
                | Q(percent=None, minutes_from_due__isnull=False),
                name="step_has_one_moment",
            ),
            models.CheckConstraint(
                condition=~Q(action="reassign") | Q(person__isnull=False),
                name="reassigning_names_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(action="notify") | ~Q(hearer="") | Q(person__isnull=False),
                name="notifying_names_somebody",
            ),
            models.CheckConstraint(
                condition=Q(repeat_minutes=None, repeat_limit=0)
                | Q(
                    repeat_minutes__isnull=False, repeat_minutes__gt=0, repeat_limit__range=(1, 20)
                ),
                name="repeats_have_a_limit",
            ),
        ]
        triggers = [Final(name="escalation_step_is_final")]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"


class Approval(models.Model):
    """A colleague's consent to what goes beyond the house standard, given before it is sent."""

    class Kind(models.TextChoices):
        TIGHTER = "tighter", _("Targets tighter than the house standard")
        FEASIBLE = "feasible", _("The tighter targets can be kept")
        CREDITS = "credits", _("Credits above the usual")
        CAPS = "caps", _("Other caps on credits")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="approvals")
    kind = models.CharField(_("what is approved"), max_length=8, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("approval"), _("approvals")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind"], name="one_approval_per_kind")
        ]
        triggers = [Final(name="approval_is_final")]

    def __str__(self) -> str:
        return self.kind
