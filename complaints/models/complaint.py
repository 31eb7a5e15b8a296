"""Complaints and their states."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Promise
from core.models import Row, User
from core.text import fold
from sla.models import Clock, Priority

REOPEN_WINDOW = timedelta(days=30)
TITLE_LENGTH = 100


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: User) -> ComplaintQuerySet:
        """Return what the person may read: staff all, technicians their own, programs by limit.

        A technician's own are also those about which somebody asks him, or in which he owes a
        call. Administrators as such read none.
        """
        if user.has_role("am", "sa", "hk", "fi", "ex"):
            return self.all()
        mine = _technicians_own(user) if user.has_role("te") else Q(pk__in=[])
        if user.has_role("api"):
            mine |= Q(account__in=Account.objects.visible_to(user))
        return self.filter(mine)

    def open(self) -> ComplaintQuerySet:
        return self.filter(state__in=Complaint.OPEN)

    def matching(self, words: str) -> ComplaintQuerySet:
        """Return what contains the words in any case, or nearly does (trigrams).

        Where there are digits nothing is near enough: CMP-2026-00001 is not CMP-2026-00002.
        """
        folded = fold(words)
        if any(sign.isdigit() for sign in folded):
            return self.filter(search_text__contains=folded)
        if not folded:
            return self.all()
        return self.filter(
            Q(search_text__contains=folded) | Q(search_text__trigram_word_similar=folded)
        )


def _technicians_own(user: User) -> Q:
    asked = Complaint.objects.filter(messages__asked_of=user)
    calls = Promise.objects.owed().filter(kind__in=Promise.CALLS, made_by=user)
    owing = Q(pk__in=asked.values("pk")) | Q(pk__in=calls.values("subject_id"))
    return Q(assignee=user) | Q(lead=user) | owing


class Complaint(Row):
    """Something went wrong for a client, and we owe an answer and a solution.

    scope -- names the SLA contract that covers it where the account has several.
    trivial -- a claim over a trifle; internal, it changes no priority and delays nothing.
    about   -- the colleague complained of, who neither leads the case nor reads its review.
    understood_at -- when the client confirmed that we had understood him.
    follows -- the older complaint that came back too late to be reopened.
    logged_by -- null when it came by mail or by the client's own hand.
    client_name, client_email -- who wrote it by mail; answers go there while no contact is known.
    next_due_at -- the earliest due moment of its running clocks, kept with them; null when
    nothing runs. Lists decide "overdue" from it.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        TRIAGED = "triaged", _("Triaged")
        IN_PROGRESS = "in_progress", _("In progress")
        WAITING_CLIENT = "waiting_client", _("Waiting for the client")
        WAITING_SUPPLIER = "waiting_supplier", _("Waiting for a supplier")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")
        MERGED = "merged", _("Merged into another")
        CONVERTED = "converted", _("Turned into a request")

    OPEN = (
        State.NEW,
        State.TRIAGED,
        State.IN_PROGRESS,
        State.WAITING_CLIENT,
        State.WAITING_SUPPLIER,
    )

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        PORTAL = "portal", _("Portal")
        MEETING = "meeting", _("Meeting")
        MESSENGER = "messenger", _("Messenger")
        SOCIAL = "social", _("Social network")
        LETTER = "letter", _("Letter")
        API = "api", _("Program (API)")
        SELF_REPORTED = "self_reported", _("We found it first")

    class Category(models.TextChoices):
        QUALITY = "quality", _("Quality")
        DELIVERY = "delivery", _("Delivery")
        BILLING = "billing", _("Billing")
        COMMUNICATION = "communication", _("Communication")
        CONTRACT_SCOPE = "contract_scope", _("Contract and scope")
        DOCUMENTATION = "documentation", _("Documentation")
        SAFETY = "safety", _("Safety")
        DATA_SECURITY = "data_security", _("Data security")
        OTHER = "other", _("Other")

    class Impact(models.IntegerChoices):
        STOPPED = 1, _("1 · the client's business stands still, or safety or law is at stake")
        IMPORTANT = 2, _("2 · an important process is hurt")
        LIMITED = 3, _("3 · limited")
        NUISANCE = 4, _("4 · a nuisance")

    class Urgency(models.IntegerChoices):
        NOW = 1, _("1 · now")
        TODAY = 2, _("2 · today")
        THIS_WEEK = 3, _("3 · this week")
        CAN_WAIT = 4, _("4 · can wait")

    class RootCause(models.TextChoices):
        DEFECT = "defect", _("Defect of the product")
        DAMAGE = "damage", _("Damaged on the way")
        LATE = "late", _("Late delivery or visit")
        WRONG_ITEM = "wrong_item", _("Wrong or missing item")
        INVOICE = "invoice", _("Error in an invoice")
        SOFTWARE = "software", _("Error in software")
        INFORMATION = "information", _("Wrong or missing information")
        WORKMANSHIP = "workmanship", _("Work done badly")
        CAPACITY = "capacity", _("Too few people or parts")
        MISUNDERSTANDING = "misunderstanding", _("Misunderstanding of the scope")
        OTHER = "other", _("Other")

    class ResolutionType(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        SWAPPED_FIRST = "swapped_first", _("Swapped first, repaired after")
        REFUND = "refund", _("Money returned")
        CREDIT = "credit", _("Credited")
        REPLACEMENT = "replacement", _("Replaced")
        PRICE_REDUCED = "price_reduced", _("Price reduced")
        EXPLAINED = "explained", _("Explained")
        HELPED_ELSEWHERE = "helped_elsewhere", _("Found who can help")
        WITHDRAWN = "withdrawn", _("Withdrawn by the client")
        NO_ACTION = "no_action", _("No action needed")

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="complaints", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="complaints",
        verbose_name=_("contact"),
    )  # fmt: skip
    channel = models.CharField(_("channel"), max_length=14, choices=Channel, default=Channel.PHONE)
    received_at = models.DateTimeField(_("received"))
    first_known_at = models.DateTimeField(_("first known to any of us"))
    title = models.CharField(_("what it is about"), max_length=TITLE_LENGTH)
    client_words = models.TextField(_("the client's own words"))
    language = models.CharField(_("language"), max_length=2, default="en")
    category = models.CharField(
        _("category"), max_length=16, choices=Category, default=Category.OTHER
    )
    impact = models.PositiveSmallIntegerField(_("impact"), choices=Impact)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency)
    safety = models.BooleanField(_("somebody could get hurt"), default=False)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    root_cause = models.CharField(_("root cause"), max_length=20, choices=RootCause, blank=True)
    order_ref = models.CharField(_("order or invoice"), max_length=60, blank=True)
    item = models.CharField(_("item or service component"), max_length=120, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    disputed_value = models.DecimalField(
        _("disputed value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    client_name = models.CharField(_("who wrote"), max_length=120, blank=True)
    client_email = models.EmailField(_("from which address"), blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    about = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("the colleague complained of"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who works on it"),
    )  # fmt: skip
    lead = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who speaks with the client")
    )
    scope = models.CharField(_("which of the agreed services"), max_length=80, blank=True)
    trivial = models.BooleanField(_("over a trifle"), default=False)
    trivial_reason = models.CharField(_("why it is a trifle"), max_length=250, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.NEW)
    appointment_at = models.DateTimeField(_("appointment the client asked for"), null=True)
    waiting_since = models.DateTimeField(null=True)
    understood_at = models.DateTimeField(_("the client says we understood"), null=True)
    no_apology_reason = models.CharField(_("why nobody apologised"), max_length=250, blank=True)
    resolution_type = models.CharField(
        _("how it was resolved"), max_length=16, choices=ResolutionType, blank=True
    )
    resolution = models.TextField(_("resolution"), blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(_("confirmed by the client"), null=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    csat = models.PositiveSmallIntegerField(_("the client's rating, 1 to 5"), null=True)
    csat_words = models.CharField(_("what the client says of it"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(null=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("follows")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("merged into")
    )
    ended_reason = models.CharField(_("why it was ended"), max_length=500, blank=True)
    external_ref = models.CharField(_("number in the old system"), max_length=80, blank=True)
    problem = models.ForeignKey(
        "complaints.Problem", models.PROTECT, null=True, related_name="complaints",
        verbose_name=_("problem"),
    )  # fmt: skip
    next_due_at = models.DateTimeField(null=True)
    search_text = models.TextField(editable=False)

    clocks = GenericRelation(Clock, content_type_field="subject_type", object_id_field="subject_id")
    promises = GenericRelation(
        Promise, content_type_field="subject_type", object_id_field="subject_id"
    )

    objects = ComplaintQuerySet.as_manager()
    audit_hides = frozenset(
        {
            "client_words", "search_text", "resolution", "trivial_reason", "no_apology_reason",
            "csat_words", "ended_reason", "client_name", "client_email",
        }
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("complaint"), _("complaints")
        indexes = [
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                "id",
                condition=Q(
                    state__in=[
                        "new",
                        "triaged",
                        "in_progress",
                        "waiting_client",
                        "waiting_supplier",
                    ]
                ),
                name="complaint_queue",
            ),
            models.Index(F("next_due_at").asc(nulls_last=True), "id", name="complaint_by_due"),
            models.Index(fields=["-received_at", "-id"], name="complaint_newest"),
            models.Index(fields=["account", "-received_at", "-id"], name="complaint_by_account"),
            models.Index(
                fields=["account", "next_due_at"],
                condition=Q(
                    state__in=[
                        "new",
                        "triaged",
                        "in_progress",
                        "waiting_client",
                        "waiting_supplier",
                    ]
                ),
                name="complaint_open_by_account",
            ),
            models.Index(fields=["assignee", "state"], name="complaint_by_assignee"),
            models.Index(fields=["lead", "state"], name="complaint_by_lead"),
            models.Index(
                fields=["root_cause", "-received_at"],
                condition=~Q(root_cause=""),
                name="complaint_by_cause",
            ),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="complaint_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(impact__range=(1, 4), urgency__range=(1, 4)),
                name="impact_and_urgency_are_1_to_4",
            ),
            models.CheckConstraint(
                condition=~Q(state="triaged") | Q(assignee__isnull=False),
                name="triaged_has_an_assignee",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["resolved", "closed"])
                | (Q(resolved_at__isnull=False) & ~Q(resolution="") & ~Q(resolution_type="")),
                name="resolved_says_how",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, is_confirmed__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting_client", waiting_since__isnull=False)
                | Q(state="waiting_supplier", waiting_since__isnull=False)
                | (~Q(state__in=["waiting_client", "waiting_supplier"]) & Q(waiting_since=None)),
                name="waiting_has_a_beginning",
            ),
            models.CheckConstraint(
                condition=Q(appointment_at=None) | Q(state="waiting_client"),
                name="appointment_is_waited_for",
            ),
            models.CheckConstraint(
                condition=Q(trivial=False) | ~Q(trivial_reason=""), name="trifle_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=~Q(state="converted") | ~Q(ended_reason=""), name="converted_says_why"
            ),
            models.CheckConstraint(
                condition=Q(csat=None, rated_at=None)
                | Q(csat__isnull=False, csat__range=(1, 5), rated_at__isnull=False),
                name="csat_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(disputed_value=None) | Q(disputed_value__gte=0),
                name="disputed_value_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(about=None) | ~Q(about=F("lead")), name="nobody_leads_what_is_about_him"
            ),
            models.UniqueConstraint(
                fields=["external_ref"],
                condition=~Q(external_ref=""),
                name="imported_complaint_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def client_language(self) -> str:
        """The contact's language, else the complaint's own."""
        return self.contact.language if self.contact else self.language

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.next_due_at is not None and self.next_due_at < now

    def may_reopen(self, now: datetime) -> bool:
        return self.resolved_at is not None and now - self.resolved_at <= REOPEN_WINDOW

    def refresh_texts(self) -> None:
        """Set what search uses."""
        self.search_text = fold(f"{self.no} {self.title} {self.client_words}")
