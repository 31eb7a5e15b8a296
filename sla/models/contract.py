"""What a client was promised in writing."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.ids import uuid7
from core.models import Calendar, Row, User
from sla.house import Promised
from sla.models.clock import Metric, Priority


class Period(Func):
    """The contract's days as a range, both ends included; no end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, user: User) -> ContractQuerySet:
        """Return the contracts of accounts the person may read, except to administrators."""
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))

    def in_force(self, day: date) -> ContractQuerySet:
        running = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(running, state=Contract.State.ACTIVE, starts_on__lte=day)


class Contract(Row):
    """An SLA contract with one account; it may cover the companies below it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="contracts", verbose_name=_("account")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    covers_children = models.BooleanField(_("covers the companies of the group"), default=False)
    ended_on = models.DateField(null=True, editable=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("SLA contract"), _("SLA contracts")
        indexes = [models.Index(fields=["account", "state"], name="contract_by_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
            ),
            ExclusionConstraint(
                name="contracts_in_force_do_not_overlap",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    (
                        Period("starts_on", "ends_on", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="active"),
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    def holds_on(self, day: date) -> bool:
        """Say whether it is in force on this day."""
        has_begun = self.state == self.State.ACTIVE and self.starts_on <= day
        return has_begun and (self.ends_on is None or day <= self.ends_on)


class Target(models.Model):
    """How fast we act: minutes of open time, or of any time when around_the_clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="targets")
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric)
    minutes = models.PositiveIntegerField(_("minutes"))
    around_the_clock = models.BooleanField(_("around the clock"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("target"), _("targets")
        ordering = ["priority", "metric"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "priority", "metric"], name="one_target_per_metric"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.priority} {self.metric} {self.minutes}"

    @property
    def promised(self) -> Promised:
        return Promised(timedelta(minutes=self.minutes), self.around_the_clock)
