"""What we found out about a failure: for ourselves only, no client ever reads a finding."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.supplier import Supplier
from core.models import Row, User

MOST_WHYS = 5
AMOUNT: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Finding(Row):
    """The cause of one complaint, whose fault it is, and what we take back from a supplier.

    whys         -- up to five answers to "why?", each asking about the one before.
    named        -- the colleague named in the cause; he does not make the follow-up call.
    our_share    -- percent, only of a shared fault.
    confirmed_at -- since when we know that it is ours; the client must be told by disclose_by.
    let_stand_by -- the head of KAM who accepts that fault or justification cannot be found out.
    recourse     -- what the supplier pays us, in the account's currency; never told to the client.
    """

    class Fault(models.TextChoices):
        UNDETERMINED = "undetermined", _("Not known yet")
        OURS = "ours", _("Ours")
        SUPPLIER = "supplier", _("A supplier's, so toward the client ours")
        SHARED = "shared", _("Shared with the client")
        CLIENT = "client", _("The client's")
        NONE = "none", _("Nobody's")

    class Justified(models.TextChoices):
        UNDETERMINED = "undetermined", _("Not known yet")
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    OWN = (Fault.OURS, Fault.SHARED, Fault.SUPPLIER)

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    cause_text = models.TextField(_("what caused it"), blank=True)
    whys = ArrayField(
        models.CharField(max_length=500), size=MOST_WHYS, default=list, blank=True,
        verbose_name=_("why? (five times)"),
    )  # fmt: skip
    named = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who is named in the cause"),
    )  # fmt: skip
    fault = models.CharField(
        _("whose fault (internal)"), max_length=12, choices=Fault, default=Fault.UNDETERMINED
    )
    our_share = models.DecimalField(
        _("our share, %"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("99.99"))],
    )  # fmt: skip
    justified = models.CharField(
        _("justified"), max_length=12, choices=Justified, default=Justified.UNDETERMINED
    )
    let_stand_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    let_stand_reason = models.CharField(max_length=500, blank=True)
    confirmed_at = models.DateTimeField(_("fault confirmed"), null=True)
    disclose_by = models.DateTimeField(_("tell the client by"), null=True)
    disclosed_at = models.DateTimeField(_("client told"), null=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("supplier"),
    )  # fmt: skip
    supplier_case = models.CharField(_("the supplier's case"), max_length=120, blank=True)
    recourse = models.DecimalField(
        _("what the supplier pays us"), **AMOUNT, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    staff_hours = models.DecimalField(
        _("hours of our people"), max_digits=7, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip

    audit_hides = frozenset({"cause_text", "whys", "let_stand_reason", "supplier_case"})

    class Meta:
        verbose_name, verbose_name_plural = _("finding"), _("findings")
        constraints = [
            models.CheckConstraint(
                condition=Q(fault="shared", our_share__isnull=False)
                | (~Q(fault="shared") & Q(our_share=None)),
                name="only_shared_fault_has_a_share",
            ),
            models.CheckConstraint(
                condition=Q(our_share=None) | Q(our_share__gt=0, our_share__lt=100),
                name="our_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=~Q(fault__in=["ours", "shared", "supplier"])
                | Q(confirmed_at__isnull=False),
                name="own_fault_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(disclosed_at=None) | Q(confirmed_at__isnull=False),
                name="disclosed_after_it_was_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(let_stand_by=None, let_stand_reason="")
                | (Q(let_stand_by__isnull=False) & ~Q(let_stand_reason="")),
                name="let_stand_says_why",
            ),
            models.CheckConstraint(
                condition=(Q(recourse=None) | Q(recourse__gte=0))
                & (Q(staff_hours=None) | Q(staff_hours__gte=0)),
                name="finding_amounts_are_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["disclose_by"],
                condition=Q(disclosed_at=None, disclose_by__isnull=False),
                name="finding_to_disclose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fault} {self.justified}"

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def is_own_mistake(self) -> bool:
        """Toward the client a supplier's failure is ours."""
        return self.fault in self.OWN

    @property
    def is_settled(self) -> bool:
        """Whether fault and justification are known, or may stay unknown."""
        known = self.fault != self.Fault.UNDETERMINED
        return self.let_stand_by_id is not None or (
            known and self.justified != self.Justified.UNDETERMINED
        )

    @property
    def owes_disclosure(self) -> bool:
        return self.disclose_by is not None and self.disclosed_at is None

    def missed_disclosure(self, now: datetime) -> bool:
        """Say whether the client was told late, or should have been told by now."""
        told = self.disclosed_at or now
        return self.disclose_by is not None and told > self.disclose_by


class Prevention(Row):
    """What makes sure that it cannot happen again; the client is told of it."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    text = models.TextField(_("what stops it from happening again"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_date = models.DateField(_("by when"))
    told_at = models.DateTimeField(_("client told"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    audit_hides = frozenset({"text"})

    class Meta:
        verbose_name, verbose_name_plural = _("prevention"), _("preventions")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="prevention_says_what")]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id
