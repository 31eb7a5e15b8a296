"""Who must hear of a notice: who was told, who has confirmed, who has acted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Contact
from complaints.models.notice import Notice
from core.models import Row


class Recipient(Row):
    """Somebody who must hear of a notice, and what became of it. Each is written to once.

    account    -- the holder, or None for somebody who is in no list of ours.
    reseller   -- the client through whom the holder has it.
    tries      -- {"channel": …, "at": …} of every attempt to reach him, the letter included.
    comment    -- what he wrote on his page, the last words below.
    token_hash -- sha256 of the secret of the link by which he confirms; "" until sent.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("recipient", "Waiting to be sent")
        SENT = "sent", pgettext_lazy("recipient", "Sent")
        DELIVERED = "delivered", pgettext_lazy("recipient", "Delivered")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("recipient", "Confirmed")
        ACTION_DONE = "action_done", pgettext_lazy("recipient", "Has acted")
        BOUNCED = "bounced", pgettext_lazy("recipient", "Came back")
        UNREACHABLE = "unreachable", pgettext_lazy("recipient", "Cannot be reached")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        MESSENGER = "messenger", _("Messenger")
        POST = "post", _("Letter by post")
        VISIT = "visit", _("Visit")

    ENOUGH_TRIES, ENOUGH_WAYS = 3, 2
    HEARD = (State.ACKNOWLEDGED, State.ACTION_DONE)
    ENDED = (*HEARD, State.UNREACHABLE)

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="recipients")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reseller = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=160)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    phone_due_at = models.DateTimeField(null=True)
    tries = models.JSONField(default=list)
    comment = models.TextField(_("what the recipient writes"), blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    mail_id = models.UUIDField(null=True)

    audit_hides = frozenset({"name", "email", "phone", "token_hash", "tries", "comment"})

    class Meta:
        verbose_name = pgettext_lazy("one row", "recipient")
        verbose_name_plural = pgettext_lazy("one row", "recipients")
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "account"],
                condition=Q(account__isnull=False),
                name="notice_reaches_an_account_once",
            ),
            models.UniqueConstraint(
                fields=["notice", "name", "email", "phone"],
                condition=Q(account=None),
                name="notice_reaches_a_person_once",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") | Q(sent_at__isnull=False) | Q(email=""),
                name="sent_recipient_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["acknowledged", "action_done"])
                | Q(acknowledged_at__isnull=False),
                name="acknowledged_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="recipient_token_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["notice", "id"], condition=Q(state="pending"), name="recipient_to_send"
            ),
            models.Index(fields=["mail_id"], name="recipient_by_mail"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_account_id(self) -> UUID | None:
        return self.account_id or self.reseller_id

    @property
    def audit_label(self) -> str:
        return self.notice.no

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def awaits_letter(self) -> bool:
        """Whether his letter is still to be sent; one without an address gets none."""
        return self.state == self.State.PENDING and bool(self.email)

    @property
    def channels_tried(self) -> set[str]:
        return {each["channel"] for each in self.tries}

    @property
    def was_tried_enough(self) -> bool:
        """Whether he may be given up: three tries, by two ways at least."""
        enough_ways = len(self.channels_tried) >= self.ENOUGH_WAYS
        return len(self.tries) >= self.ENOUGH_TRIES and enough_ways

    def is_silent(self, now: datetime) -> bool:
        """Whether he should have been rung up by now."""
        return not self.has_ended and self.phone_due_at is not None and self.phone_due_at <= now
