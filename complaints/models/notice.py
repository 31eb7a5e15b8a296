"""Notices to everybody who holds what may fail: what they say, and who approved it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.review import Problem
from core.ids import uuid7
from core.models import Row, User

CONTENT = (
    "kind", "item", "batch", "is_consumer_product", "identification", "deadline", "contact_id",
    "started_at",
)  # fmt: skip
"""What the people warned have read; the database refuses to change it once sending has begun."""


def _row(alias: str) -> str:
    return ", ".join(f"{alias}.{column}" for column in CONTENT)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """Return the notices to all colleagues who work with clients; programs read none."""
        works = user.has_role("am", "sa", "hk", "te", "fi", "ex")
        return self.all() if works else self.none()


class Notice(Row):
    """One warning to all who hold an item, a batch or a service component (3.7).

    It names what it is about by item and batch; who holds that is asked of the deliveries.
    deadline -- by when we do our part. partner_text -- what the supplier writes as well.
    edited_by -- who changed it last; neither he nor the author may approve it.
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
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
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
        triggers = [
            pgtrigger.Trigger(
                name="sent_notice_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.started_at IS NOT NULL
                        AND ({_row("NEW")}) IS DISTINCT FROM ({_row("OLD")})
                    THEN
                        RAISE EXCEPTION 'what was sent never changes'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.item}"

    @property
    def is_recall(self) -> bool:
        """Whether it is a recall by law: danger, and the product is in the hands of consumers."""
        return self.kind == self.Kind.SAFETY and self.is_consumer_product

    @property
    def is_told_to_all(self) -> bool:
        """Whether safety or the law wants even those written to who asked us not to."""
        return self.kind in {self.Kind.SAFETY, self.Kind.DATA}


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
        triggers = [
            pgtrigger.Trigger(
                name="sent_text_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    PERFORM 1 FROM complaints_notice
                        WHERE id IN (NEW.notice_id, OLD.notice_id) AND started_at IS NOT NULL;
                    IF FOUND THEN
                        RAISE EXCEPTION 'what was sent never changes'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            )
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
