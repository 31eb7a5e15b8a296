"""Letting running clocks follow a newer calendar or contract, with its progress."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Calendar, Row, User
from sla.models.contract import Contract


class RecomputeQuerySet(models.QuerySet["Recompute"]):
    def visible_to(self, user: User) -> RecomputeQuerySet:
        """Return those for calendars, which are no secret, and for contracts the person may read."""
        return self.filter(Q(contract=None) | Q(contract__in=Contract.objects.visible_to(user)))


class Recompute(Row):
    """One order to plan live clocks anew, carried out in the background.

    calendar -- clocks on an older version of it move to the present one.
    contract -- clocks of its account on an older contract or the house standard move to it.
    moved    -- clocks whose deadline changed; `last_id` is how far the work has come.
    """

    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    last_id = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RecomputeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("recomputation"), _("recomputations")
        constraints = [
            models.CheckConstraint(
                condition=Q(calendar=None, contract__isnull=False)
                | Q(calendar__isnull=False, contract=None),
                name="recompute_has_one_cause",
            ),
            models.UniqueConstraint(
                fields=["calendar"],
                condition=Q(finished_at=None),
                name="one_running_recompute_per_calendar",
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(finished_at=None),
                name="one_running_recompute_per_contract",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def percent(self) -> int:
        return 100 if self.is_finished or not self.total else 100 * self.done // self.total
