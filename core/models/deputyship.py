"""Who stands in for whom, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from core.models.row import Row


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def current(self) -> DeputyshipQuerySet:
        """Return those in force today by the database's clock, so that no caller can forget it."""
        today = TruncDate(Now())
        return self.filter(starts_on__lte=today, ends_on__gte=today)


class Deputyship(Row):
    """From starts_on to ends_on, both included, the deputy has the person's rights."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("deputy")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("deputy"), _("deputies")
        indexes = [models.Index(fields=["deputy", "ends_on"], name="deputyship_by_deputy")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="deputyship_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")), name="nobody_is_his_own_deputy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}–{self.ends_on}"
