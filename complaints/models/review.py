"""What we learn from a failure when everybody is calm, and what we tell of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.models.complaint import Complaint
from core.models import Row, User
from core.text import fold


def matching(words: str) -> Q:
    """Return the condition that search_text has the words in any case, or nearly (trigrams)."""
    folded = fold(words)
    if not folded:
        return Q()
    return Q(search_text__contains=folded) | Q(search_text__trigram_word_similar=folded)


class CaseReviewQuerySet(models.QuerySet["CaseReview"]):
    def visible_to(self, user: User) -> CaseReviewQuerySet:
        """Return the person's own reviews; a head of KAM reads all. Lessons are for everybody.

        Nobody reads the review of a complaint about himself, unless he heads key accounts.
        """
        if user.has_role("hk"):
            return self.all()
        if not user.has_role("am", "sa", "te"):
            return self.none()
        return self.filter(author__in=user.principals).exclude(complaint__about=user)

    def owed(self) -> CaseReviewQuerySet:
        """Return what is to be written; while its complaint is open again a review waits."""
        is_calm = Q(complaint__state=Complaint.State.CLOSED)
        return self.filter(is_calm, state=CaseReview.State.OWED)

    def matching(self, words: str) -> CaseReviewQuerySet:
        return self.filter(matching(words))


class CaseReview(Row):
    """The talk with oneself about one complaint, when it is over (C-14). Not for judging people.

    process_change -- what we do differently from now on; becomes a task.
    """

    class State(models.TextChoices):
        OWED = "owed", _("To be written")
        DONE = "done", _("Written")

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OWED)
    due_at = models.DateTimeField(_("due"))
    main_complaint = models.TextField(_("What was the main complaint?"), blank=True)
    how_presented = models.TextField(_("How did the client present it?"), blank=True)
    whose_fault = models.TextField(_("Whose fault was it, in the client's eyes?"), blank=True)
    what_angered = models.TextField(_("What angered the client most?"), blank=True)
    why_disappointed = models.TextField(_("Why was the client disappointed?"), blank=True)
    own_view = models.TextField(_("How do you see it?"), blank=True)
    shared_fault = models.TextField(_("Does the client share the fault?"), blank=True)
    what_helped = models.TextField(_("What did you say that helped?"), blank=True)
    what_made_worse = models.TextField(_("What made it worse?"), blank=True)
    how_cared = models.TextField(_("How did you try to show that you care?"), blank=True)
    do_differently = models.TextField(_("What would you do differently?"), blank=True)
    lesson = models.CharField(_("lesson learned, in one sentence"), max_length=300, blank=True)
    process_change = models.CharField(_("what we change"), max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    search_text = models.TextField(editable=False, blank=True, default="")

    QUESTIONS = (
        "main_complaint", "how_presented", "whose_fault", "what_angered", "why_disappointed",
        "own_view", "shared_fault", "what_helped", "what_made_worse", "how_cared",
        "do_differently",
    )  # fmt: skip
    objects = CaseReviewQuerySet.as_manager()
    audit_hides = frozenset({*QUESTIONS, "lesson", "process_change", "search_text"})

    class Meta:
        verbose_name, verbose_name_plural = _("review when calm"), _("reviews when calm")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="owed", done_at=None)
                | (Q(state="done", done_at__isnull=False) & ~Q(lesson="") & ~Q(main_complaint="")),
                name="written_review_has_a_lesson",
            )
        ]
        indexes = [
            models.Index(
                fields=["author", "due_at"], condition=Q(state="owed"), name="review_owed"
            ),
            models.Index(fields=["-done_at"], condition=Q(state="done"), name="review_newest"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="review_search"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.due_at}"

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def audit_label(self) -> str:
        return self.complaint.no

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @classmethod
    def question(cls, name: str) -> str:
        """Return one of QUESTIONS as it is asked."""
        column: Any = cls._meta.get_field(name)
        return str(column.verbose_name)

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_done and self.due_at < now

    def refresh_texts(self) -> None:
        """Set what search uses: only of the lesson, which everybody may read."""
        self.search_text = fold(f"{self.complaint.no} {self.complaint.title} {self.lesson}")


class StoryQuerySet(models.QuerySet["Story"]):
    def visible_to(self, user: User) -> StoryQuerySet:
        """Return the stories to all colleagues; programs and administrators read none."""
        works = user.has_role("am", "sa", "hk", "te", "fi", "ex")
        return self.all() if works else self.none()

    def current(self) -> StoryQuerySet:
        return self.filter(archived_at=None)

    def matching(self, words: str) -> StoryQuerySet:
        return self.filter(matching(words))


class Story(Row):
    """How we put it right, for others to learn from (C-13).

    consent_* -- who at the client agreed to be named, when, and how; only a named story needs it.
    """

    class Scope(models.TextChoices):
        INTERNAL = "internal", _("For colleagues only")
        ANONYMOUS = "anonymous", _("May be told without a name")
        NAMED = "named", _("May be told with the client's name")

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    title = models.CharField(_("headline"), max_length=160)
    what_happened = models.TextField(_("what happened"))
    what_we_did = models.TextField(_("what we did"))
    what_changed = models.TextField(_("what changed"))
    scope = models.CharField(_("who may hear it"), max_length=9, choices=Scope)
    consent_by = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who agreed"),
    )  # fmt: skip
    consent_date = models.DateField(_("agreed on"), null=True, blank=True)
    consent_how = models.CharField(_("how they agreed"), max_length=250, blank=True)
    archived_at = models.DateTimeField(null=True)
    search_text = models.TextField(editable=False, blank=True, default="")

    objects = StoryQuerySet.as_manager()
    audit_hides = frozenset(
        {"title", "what_happened", "what_we_did", "what_changed", "consent_how", "search_text"}
    )

    class Meta:
        verbose_name, verbose_name_plural = _("story"), _("stories")
        constraints = [
            models.CheckConstraint(
                condition=~Q(scope="named")
                | (Q(consent_by__isnull=False, consent_date__isnull=False) & ~Q(consent_how="")),
                name="named_story_has_consent",
            )
        ]
        indexes = [
            models.Index(
                fields=["-told_at", "-id"], condition=Q(archived_at=None), name="story_newest"
            ),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="story_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_account_id(self) -> UUID:
        return self.complaint.account_id

    @property
    def audit_label(self) -> str:
        return self.complaint.no

    def refresh_texts(self) -> None:
        """Set what search uses."""
        told = (self.title, self.what_happened, self.what_we_did, self.what_changed)
        self.search_text = fold(" ".join([self.complaint.no, *told]))


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> ProblemQuerySet:
        """Return the problems to all colleagues; programs and administrators read none."""
        works = user.has_role("am", "sa", "hk", "te", "fi", "ex")
        return self.all() if works else self.none()

    def open(self) -> ProblemQuerySet:
        return self.exclude(state=Problem.State.SOLVED)


class Problem(Row):
    """One cause behind several complaints, or a danger to people (C-15). One is open per cause.

    batch -- narrows a cause to one batch; the same cause in another batch is another problem.
    notice_decided_at -- when somebody decided whether all who hold the item must be warned.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        KNOWN = "known", _("Cause found")
        SOLVED = "solved", _("Solved")

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    root_cause = models.CharField(
        _("root cause"), max_length=20, choices=Complaint.RootCause, blank=True
    )
    item = models.CharField(_("item or service component"), max_length=120, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    is_safety = models.BooleanField(_("somebody could get hurt"), default=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    opened_at = models.DateTimeField(_("opened"))
    seen_in = models.PositiveIntegerField(_("complaints in 90 days when opened"))
    description = models.TextField(_("what we know"), blank=True)
    change = models.TextField(_("what we change"), blank=True)
    solved_at = models.DateTimeField(null=True)
    notice_decided_at = models.DateTimeField(null=True)
    no_notice_reason = models.CharField(max_length=500, blank=True)

    objects = ProblemQuerySet.as_manager()
    audit_hides = frozenset({"description", "change"})

    class Meta:
        verbose_name, verbose_name_plural = _("problem"), _("problems")
        constraints = [
            models.UniqueConstraint(
                fields=["root_cause", "batch"],
                condition=~Q(state="solved"),
                name="one_open_problem_per_cause",
            ),
            models.CheckConstraint(
                condition=Q(state="solved", solved_at__isnull=False) & ~Q(change="")
                | ~Q(state="solved") & Q(solved_at=None),
                name="solved_problem_says_what_changed",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="problem_newest")]

    def __str__(self) -> str:
        return self.no
