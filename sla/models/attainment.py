"""What a month came to: how promises were kept, and what is credited for it."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.ids import uuid7
from core.models import Row, User
from sla.models.contract import Contract
from sla.models.measures import Metric


class AttainmentQuerySet(models.QuerySet["Attainment"]):
    def visible_to(self, user: User) -> AttainmentQuerySet:
        return self.filter(contract__in=Contract.objects.visible_to(user))


class Attainment(models.Model):
    """How often a contract's promises of one metric were kept in one month. Final.

    month    -- its first day, in the account's time zone; a clock belongs to the month of its due.
    excluded -- missed for a reason on the contract's closed list; counted neither way.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="attainments")
    month = models.DateField()
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric)
    met = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField()

    objects = AttainmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("attainment"), _("attainments")
        ordering = ["-month", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "month", "metric"], name="one_attainment_per_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="attainment_is_of_a_month"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="closed_month_is_final", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.month:%Y-%m} {self.met}/{self.counted}"

    @property
    def counted(self) -> int:
        return self.met + self.missed

    @property
    def percent(self) -> Decimal | None:
        """Share of promises kept, unrounded; None when none fell due."""
        return Decimal(100) * self.met / self.counted if self.counted else None


class CreditQuerySet(models.QuerySet["Credit"]):
    def visible_to(self, user: User) -> CreditQuerySet:
        """Return the credits to accounts the person may read, except to administrators.

        Programs speak to clients: they read what a client was told of.
        """
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        rows = self.filter(account__in=Account.objects.visible_to(user))
        told = [Credit.State.ISSUED, Credit.State.WAIVED]
        return rows.filter(state__in=told) if user.has_role(User.Role.API_CLIENT) else rows


class Credit(Row):
    """Money we give back for a month in which we kept too few promises, without being asked.

    lines  -- one for each metric: {"metric", "met", "counted", "percent", "credit_percent", "rule"}.
    amount -- the computed amount, cut by the month's cap and by what is left of the year's.
    change -- what we changed since, as the letter tells the client.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("To be approved")
        APPROVED = "approved", _("Approved, letter to be sent")
        ISSUED = "issued", _("Issued")
        WAIVED = "waived", _("Waived by the client")

    class Limit(models.TextChoices):
        MONTHLY_CAP = "monthly_cap", _("the month’s cap")
        ANNUAL_ROOM = "annual_room", _("what is left of the year’s cap")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="credits")
    account = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    month = models.DateField(_("month"))
    currency = models.CharField(max_length=3)
    lines = models.JSONField(encoder=DjangoJSONEncoder)
    uncapped_percent = models.DecimalField(max_digits=7, decimal_places=4)
    uncapped = models.DecimalField(max_digits=14, decimal_places=2)
    monthly_cap = models.DecimalField(max_digits=14, decimal_places=2)
    annual_room = models.DecimalField(max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    limited_by = models.CharField(max_length=11, choices=Limit, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    change = models.CharField(_("what we changed"), max_length=500, blank=True)
    letter = models.TextField(_("letter"), blank=True)
    issued_at = models.DateTimeField(null=True)
    waived_by_client = models.CharField(
        _("who of the client waived it"), max_length=160, blank=True
    )
    waived_in = models.CharField(_("where he wrote it"), max_length=250, blank=True)

    objects = CreditQuerySet.as_manager()
    audit_hides = frozenset({"waived_by_client"})

    class Meta:
        verbose_name, verbose_name_plural = _("service credit"), _("service credits")
        indexes = [
            models.Index(
                fields=["month", "id"],
                condition=Q(state__in=["proposed", "approved"]),
                name="credit_to_settle",
            ),
            models.Index(fields=["account", "-month"], name="credit_by_account"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contract", "month"], name="one_credit_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="credit_is_of_a_month"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_is_money"),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "waived"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_credit_names_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | (Q(issued_at__isnull=False) & ~Q(letter="")),
                name="issued_credit_has_a_letter",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | (~Q(waived_by_client="") & ~Q(waived_in="")),
                name="credit_is_waived_in_writing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.month:%Y-%m} {self.amount}"

    @property
    def audit_label(self) -> str:
        return f"{self.contract.no} {self.month:%Y-%m}"
