"""Notices to everybody who holds what may fail: who was told, who has confirmed, who has acted."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Contact
from complaints.models.review import Problem
from core.ids import uuid7
from core.models import Row, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """Return the notices to all colleagues who work with clients; programs read none."""
        works = user.has_role("am", "sa", "hk", "te", "fi", "ex")
        return self.all() if works else self.none()


class Notice(Row):
    """One warning to all who hold an item, a batch or a service component (3.7).

    It names what it is about by item and batch; who holds that is asked of the deliveries.
    deadline -- by when we do our part. partner_text -- what the supplier writes as well.
    """

    class Kind(models.TextChoices):
        SAFETY = "safety", _("Safety")
        QUALITY = "quality", _("Quality")
        DATA = "data", _("Data")
        SERVICE = "service", _("Service")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        SENDING = "sending", _("Being sent")
        TRACKING = "tracking", _("Sent, answers awaited")
        CLOSED = "closed", _("Closed")

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="notices",
        verbose_name=_("problem"),
    )  # fmt: skip
    item = models.CharField(_("item or service component"), max_length=120)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    is_consumer_product = models.BooleanField(_("also used by consumers"), default=False)
    identification = models.TextField(_("how to recognise the product"), blank=True)
    deadline = models.DateField(_("we do our part by"), null=True, blank=True)
    contact = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who answers questions")
    )
    partner_text = models.TextField(_("what our supplier writes as well"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("sending began"), null=True)
    sent_at = models.DateTimeField(_("sent to all"), null=True)
    closed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice"), _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_notice_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "approved"]) | Q(started_at__isnull=False),
                name="sent_notice_has_a_beginning",
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="notice_newest")]

    def __str__(self) -> str:
        return f"{self.no} {self.item}"


class NoticeText(models.Model):
    """What a notice says in one language, block by block; all blocks are mandatory."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    what = models.TextField(_("what happened"))
    risk = models.TextField(_("what it may cause"))
    action = models.TextField(_("what to do now"))
    remedy = models.TextField(_("what we do for you"))
    regret = models.TextField(_("our regret"))

    BLOCKS = ("what", "risk", "action", "remedy", "regret")

    class Meta:
        verbose_name, verbose_name_plural = _("text of a notice"), _("texts of a notice")
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="notice_text_per_language"),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(risk="") & ~Q(action="") & ~Q(remedy="") & ~Q(regret=""),
                name="notice_text_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.language


class NoticeApproval(models.Model):
    """One yes before sending: a head of KAM, for safety an executive as well, never the author."""

    class Role(models.TextChoices):
        HEAD = "hk", _("Head of key accounts")
        EXECUTIVE = "ex", _("Executive")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="approvals")
    role = models.CharField(max_length=2, choices=Role)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("approval"), _("approvals")
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "role"], name="notice_approved_once_per_role"
            ),
            models.UniqueConstraint(fields=["notice", "by"], name="notice_approved_by_two_people"),
        ]

    def __str__(self) -> str:
        return self.role


class Recipient(Row):
    """Somebody who must hear of a notice, and what became of it. Each is written to once.

    account    -- the holder, or None for somebody who is in no list of ours.
    reseller   -- the client through whom the holder has it.
    tries      -- {"channel": …, "at": …} of every attempt to reach him.
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

    ENDED = (State.ACKNOWLEDGED, State.ACTION_DONE, State.UNREACHABLE)

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
    token_hash = models.CharField(max_length=64, blank=True)
    mail_id = models.UUIDField(null=True)

    audit_hides = frozenset({"name", "email", "phone", "token_hash", "tries"})

    class Meta:
        verbose_name, verbose_name_plural = _("recipient"), _("recipients")
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
    def audit_account_id(self) -> object:
        return self.account_id or self.reseller_id

    @property
    def audit_label(self) -> str:
        return self.notice.no

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def channels_tried(self) -> set[str]:
        return {each["channel"] for each in self.tries}

    def is_silent(self, now: datetime) -> bool:
        """Whether he should have been rung up by now."""
        return not self.has_ended and self.phone_due_at is not None and self.phone_due_at <= now
