"""What a person at the client thinks of us, as somebody of ours saw it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.contact import Contact
from core.models import Row, User


class AttitudeReadingQuerySet(models.QuerySet["AttitudeReading"]):
    def visible_to(self, user: User) -> AttitudeReadingQuerySet:
        """Return the readings of people at accounts of which the person reads STAKE."""
        accounts = Account.objects.in_stake_of(user)
        people = Contact.objects.filter(Q(account__in=accounts) | Q(also_at__in=accounts))
        return self.filter(contact__in=people.values("pk"))


class AttitudeReading(Row):
    """One reading of a person's attitude; the latest counts, and none is ever rewritten.

    reason -- what was seen or heard, so that others can judge it too.
    """

    class Value(models.IntegerChoices):
        OPPONENT = -2, _("−2 opponent")
        CRITICAL = -1, _("−1 critical")
        NEUTRAL = 0, _("0 neutral")
        FRIENDLY = 1, _("+1 friendly")
        ADVOCATE = 2, _("+2 advocate")

    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="readings", verbose_name=_("contact")
    )
    value = models.SmallIntegerField(_("attitude to us"), choices=Value)
    reason = models.CharField(_("what was seen or heard"), max_length=500)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AttitudeReadingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("attitude reading"), _("attitude readings")
        indexes = [models.Index(fields=["contact", "-at", "-id"], name="reading_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__range=(-2, 2)), name="attitude_is_minus_2_to_2"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="attitude_says_why"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="attitude_reading_is_final", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.value:+d} {self.at:%Y-%m-%d}"
