"""Secret links by which a client sees his own complaint without signing in."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.models.complaint import Complaint
from core.models import Row, User

LASTS = timedelta(days=90)


class ClientLinkQuerySet(models.QuerySet["ClientLink"]):
    def visible_to(self, user: User) -> ClientLinkQuerySet:
        """Return that links exist, to colleagues who read the complaint; the secret to nobody."""
        if user.has_role("api"):
            return self.none()
        return self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))

    def leading_to(self, complaint: Complaint) -> ClientLinkQuerySet:
        """Return those that open the complaint's page, from merged ones as well."""
        return self.filter(Q(complaint=complaint) | Q(complaint__merged_into=complaint))


class ClientLink(Row):
    """One link; only a digest of its secret is stored, so that nobody reads it out of the table.

    The secret follows from the row's id and the server's key, so that every letter can carry it.
    contact    -- None for somebody who wrote to us and whom we do not know yet.
    expires_at -- counts only after the complaint has ended; until then the link opens.
    last_wish  -- digest of the form sent last, so that a double click is one wish.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="client_links")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("last opened"), null=True)
    last_wish = models.CharField(max_length=64, blank=True)

    objects = ClientLinkQuerySet.as_manager()
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

    @property
    def leads_to(self) -> Complaint:
        """The complaint that the client sees: the one that his became part of, if any."""
        return self.complaint.merged_into or self.complaint

    @property
    def valid_until(self) -> datetime | None:
        """The moment after which it opens nothing; None while the complaint is open."""
        shown = self.leads_to
        if shown.is_open:
            return None
        ended = shown.closed_at or shown.resolved_at
        return max(self.expires_at, ended + LASTS) if ended else self.expires_at

    @property
    def is_his(self) -> bool:
        """Whether it still belongs to somebody who may read along.

        A link given to a stranger ends as soon as the complaint has a known contact, and one
        given to a person ends when he leaves the company.
        """
        if self.contact is None:
            return self.complaint.contact_id is None
        return self.contact.state != Contact.State.LEFT

    def is_valid(self, now: datetime) -> bool:
        until = self.valid_until
        return self.revoked_at is None and self.is_his and (until is None or now < until)
