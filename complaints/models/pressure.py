"""How the client pressed us: for those who look after him, never for the client or a program."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from complaints.models.complaint import Complaint
from core.models import Row, User


class PressureQuerySet(models.QuerySet["Pressure"]):
    def visible_to(self, user: User) -> PressureQuerySet:
        """Return what account managers know of their own, heads and executives of all clients."""
        if user.has_role("hk", "ex"):
            return self.all()
        if user.has_role("am"):
            return self.filter(complaint__account__in=Account.objects.own_of(user))
        return self.none()


class Pressure(Row):
    """The pressure tactics noticed with one complaint. They change no priority and delay nothing."""

    class Tactic(models.TextChoices):
        ULTIMATUM = "ultimatum", _("Arm-twisting (ultimatum)")
        DISCOUNT_OR_LEAVE = "discount_or_leave", _("A discount, or we leave")
        FREE_EXTRAS = "free_extras", _("Extras for nothing")
        TRIVIAL_CLAIMS = "trivial_claims", _("Claims over trifles")
        PUBLICITY_THREAT = "publicity_threat", _("Threat to go public")
        DEADLINE_SQUEEZE = "deadline_squeeze", _("Squeezing the deadline")
        LATE_RENEGOTIATION = "late_renegotiation", _("Renegotiating after the deal")

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    tactics = ArrayField(
        models.CharField(max_length=18, choices=Tactic), verbose_name=_("pressure tactics")
    )
    words = models.TextField(_("what was said"), blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PressureQuerySet.as_manager()
    audit_hides = frozenset({"tactics", "words"})

    class Meta:
        verbose_name, verbose_name_plural = _("pressure"), _("pressures")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    tactics__contained_by=[
                        "ultimatum",
                        "discount_or_leave",
                        "free_extras",
                        "trivial_claims",
                        "publicity_threat",
                        "deadline_squeeze",
                        "late_renegotiation",
                    ]
                ),
                name="pressure_tactics_are_known",
            )
        ]

    def __str__(self) -> str:
        return ", ".join(self.tactics)

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id
