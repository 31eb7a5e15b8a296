"""Secret links by which a client sees his own complaint without signing in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.models.complaint import Complaint
from core.models import Row, User


class ClientLink(Row):
    """One link; only a digest of its secret is stored, so that nobody reads it out of the table.

    The secret follows from the row's id and the server's key, so that every letter can carry it.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="client_links")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("last opened"), null=True)

    audit_hides = frozenset({"token_hash"})

    class Meta:
        verbose_name, verbose_name_plural = _("client's link"), _("client's links")
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "contact"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="one_valid_link_per_contact",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def audit_label(self) -> str:
        return self.complaint.no

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
