"""Letters that come in: every one that a mailbox held is accounted for, exactly once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.message import Message
from core.ids import uuid7
from core.models import Row, User


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def visible_to(self, user: User) -> MailboxQuerySet:
        """Return all to those who keep them running and who look for lost letters, else none."""
        return self.all() if user.has_role("ad", "sa", "hk") else self.none()


class Mailbox(Row):
    """What became of reading one mailbox; its address and password are settings, not rows.

    name       -- user@host/folder, as in the setting; no secret.
    uidvalidity, last_uid -- up to which letter it has been noted.
    claimed_until -- only one worker reads it; another may take over after this moment.
    told_at    -- when the administrators heard that it cannot be read.
    """

    name = models.CharField(_("mailbox"), max_length=200, unique=True)
    uidvalidity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    checked_at = models.DateTimeField(_("last looked"), null=True)
    read_at = models.DateTimeField(_("last read without an error"), null=True)
    failing_since = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    claimed_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("mailbox"), _("mailboxes")
        constraints = [
            models.CheckConstraint(
                condition=Q(failing_since=None, last_error="")
                | (Q(failing_since__isnull=False) & ~Q(last_error="")),
                name="failing_mailbox_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name


class InboundMail(models.Model):
    """One letter, and what was made of it.

    why         -- a stable word such as "auto_reply"; of a letter not read yet "by_hand" if a
                   person wants it to be taken whatever it looks like.
    received_at -- when the mailbox got it, as its server says.
    digest      -- the same for the same letter, wherever it is met again.
    tries       -- how often reading it was begun; what breaks the reader is given up.
    """

    class Outcome(models.TextChoices):
        FETCHED = "fetched", _("Fetched, not read yet")
        MATCHED = "matched", _("Added to a complaint")
        NEW = "new", _("A new complaint")
        IGNORED = "ignored", _("Ignored")
        BOUNCE = "bounce", _("A letter of ours came back")
        FAILED = "failed", _("Could not be read")

    BY_HAND = "by_hand"
    FINAL = frozenset({"own_letter", "loop", "receipt", "delayed", "seen_before"})
    """Reasons for which a letter is ignored whoever asks."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="mails")
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    header_id = models.CharField(_("Message-ID"), max_length=250, blank=True)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(max_length=64, editable=False)
    received_at = models.DateTimeField(_("received"))
    at = models.DateTimeField(_("fetched"))
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(
        _("what became of it"), max_length=8, choices=Outcome, default=Outcome.FETCHED
    )
    why = models.CharField(_("why"), max_length=40, blank=True)
    error = models.TextField(blank=True)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("incoming mail"), _("incoming mails")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"], name="each_letter_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["ignored", "failed"]) | ~Q(why=""),
                name="refused_letter_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["matched", "new"])
                | Q(complaint__isnull=False)
                | Q(why="notice"),
                name="taken_letter_has_a_complaint",
            ),
        ]
        indexes = [
            models.Index(fields=["mailbox", "-at", "-id"], name="inbound_by_mailbox"),
            models.Index(fields=["digest"], name="inbound_by_digest"),
            models.Index(
                fields=["mailbox", "uid"], condition=Q(outcome="fetched"), name="inbound_not_read"
            ),
            models.Index(fields=["sender", "-at"], name="inbound_by_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.uid}"

    @property
    def may_retry(self) -> bool:
        """Whether reading the letter again could have another result."""
        is_open = self.outcome == self.Outcome.IGNORED and self.why not in self.FINAL
        return is_open or self.outcome == self.Outcome.FAILED
