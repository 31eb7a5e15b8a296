"""Talks with the client about how the contract was kept."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Row, User
from sla.models.contract import Contract


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> ReviewQuerySet:
        return self.filter(contract__in=Contract.objects.visible_to(user))


class Review(Row):
    """A review that was held: the months it looked at, who was there, what was agreed."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reviews")
    first_month = models.DateField(_("from month"))
    last_month = models.DateField(_("to month"))
    held_on = models.DateField(_("held on"))
    attendees = models.CharField(_("who was there"), max_length=500, blank=True)
    minutes = models.TextField(pgettext_lazy("of a meeting", "minutes"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ReviewQuerySet.as_manager()
    audit_hides = frozenset({"attendees", "minutes"})

    class Meta:
        verbose_name, verbose_name_plural = _("SLA review"), _("SLA reviews")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    first_month__lte=F("last_month"), first_month__day=1, last_month__day=1
                ),
                name="review_is_of_whole_months",
            ),
            models.CheckConstraint(condition=~Q(minutes=""), name="review_has_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.held_on}"

    @property
    def audit_account_id(self) -> UUID:
        return self.contract.account_id

    @property
    def audit_label(self) -> str:
        return self.contract.no
