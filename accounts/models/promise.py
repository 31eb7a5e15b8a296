"""Everything of which we said "we will"."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.contact import Contact
from core.models import Row, User


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> PromiseQuerySet:
        """Return the promises made to accounts the person may read, except to administrators."""
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))

    def owed(self) -> PromiseQuerySet:
        """Return what still has to be done, broken promises included."""
        return self.filter(state__in=Promise.OWED, done_at=None)

    def settled(self) -> PromiseQuerySet:
        return self.exclude(state__in=Promise.OWED, done_at=None)

    def about(self, subject: Row) -> PromiseQuerySet:
        return self.filter(subject_id=subject.pk)


class Promise(Row):
    """One promise to a client.

    break_at -- one business day after due_at; past it the promise counts as broken.
    renegotiations -- how often the client agreed to a later time; the second counts as late.
    tries -- unanswered calls, for callbacks.
    """

    class Kind(models.TextChoices):
        CALLBACK = "callback", _("Follow-up call")
        PULSE = "pulse", _("Pulse call")
        NEXT_CONTACT = "next_contact", _("Next contact")
        DELIVERY = "delivery", _("Delivery")
        REMEDY = "remedy", _("Remedy")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        KEPT_LATE = "kept_late", _("Kept late")
        BROKEN = "broken", _("Broken")
        WITHDRAWN = "withdrawn_by_client", _("Withdrawn by the client")
        VOID = "void", _("No longer needed")

    class Source(models.TextChoices):
        CALL = "call", _("Call")
        MAIL = "mail", _("Mail")
        MEETING = "meeting", _("Meeting")
        CONTRACT = "contract", _("Contract")
        COMPLAINT = "complaint", _("Complaint")
        ADVICE = "advice", _("Advice given")

    OWED = (State.OPEN, State.BROKEN)
    CALLS = (Kind.CALLBACK, Kind.PULSE)

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="promises", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("to whom"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.CharField(_("what we promised"), max_length=500)
    made_by = models.ForeignKey(
        User, models.PROTECT, related_name="promises", verbose_name=_("who keeps it")
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    break_at = models.DateTimeField(editable=False)
    source = models.CharField(_("given in"), max_length=10, choices=Source, default=Source.CALL)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    done_at = models.DateTimeField(null=True)
    renegotiations = models.PositiveSmallIntegerField(default=0)
    consent = models.CharField(_("how the client agreed"), max_length=250, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.UUIDField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")

    objects = PromiseQuerySet.as_manager()
    audit_hides = frozenset({"text", "consent"})

    class Meta:
        verbose_name, verbose_name_plural = _("promise"), _("promises")
        indexes = [
            models.Index(fields=["account", "due_at"], name="promise_by_account"),
            models.Index(
                fields=["made_by", "due_at"],
                condition=Q(state__in=["open", "broken"], done_at=None),
                name="promise_owed",
            ),
            models.Index(fields=["subject_id"], name="promise_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(break_at__gte=F("due_at")), name="promise_breaks_after_due"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "kept_late"]) | Q(done_at__isnull=False),
                name="kept_promise_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(done_at=None), name="open_promise_is_not_done"
            ),
            models.CheckConstraint(
                condition=Q(subject_id=None, subject_type=None)
                | Q(subject_id__isnull=False, subject_type__isnull=False),
                name="promise_subject_is_whole",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "contact"],
                condition=Q(kind__in=["callback", "pulse"], state="open"),
                name="one_open_call_per_contact",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_follow_up(self) -> bool:
        """Whether it is the call after something was put right; its outcome keeps the promise."""
        return self.kind in self.CALLS and self.subject_id is not None

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_owed(self) -> bool:
        return self.state in self.OWED and self.done_at is None

    def is_overdue(self, now: datetime) -> bool:
        return self.is_owed and self.due_at < now
