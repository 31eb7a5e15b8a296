"""Clocks: a promised time that runs on a subject such as a complaint."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pgtrigger
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.ids import uuid7
from core.models import CalendarVersion, User
from core.models.calendar import work_calendar
from core.worktime import WorkCalendar
from sla.clock import Run
from sla.models.contract import Exclusion
from sla.models.measures import Metric, Priority
from sla.subjects import visible_subjects


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, user: User) -> ClockQuerySet:
        """Return the clocks of accounts and of timed things that the person may both read.

        Of a client whom nobody knows yet the timed thing alone decides.
        """
        accounts = Q(account__in=Account.objects.visible_to(user)) | Q(account__is_unknown=True)
        return self.filter(visible_subjects(user), accounts)

    def live(self) -> ClockQuerySet:
        return self.filter(state__in=Clock.LIVE)

    def about(self, subject: models.Model) -> ClockQuerySet:
        return self.filter(subject_id=subject.pk)


class Clock(models.Model):
    """One promise of time for one metric and cycle of a subject.

    due_at      -- UTC; null exactly while the clock is paused, when `remaining` says what is left.
    breached_at -- the due moment that passed while the clock ran; a later stop never clears it.
    contract    -- null is the house standard.
    category    -- what kind of thing it is, for targets that differ by it; empty for none.
    share       -- percent of the promised time that was granted; half after a reopening.
    told        -- keys of the steps that have been taken; none of them is taken again.
    used        -- the counted time of a closed clock, pauses left out.
    excluded_as -- the agreed reason for which a missed clock does not count against us.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Waiting for the client")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        CANCELLED = "cancelled", _("Cancelled")

    LIVE = (State.RUNNING, State.PAUSED)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="clocks")
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    subject = GenericForeignKey("subject_type", "subject_id")
    metric = models.CharField(_("what is measured"), max_length=16, choices=Metric)
    cycle = models.PositiveSmallIntegerField(default=1)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority)
    category = models.CharField(max_length=16, blank=True)
    target = models.DurationField(_("target"))
    share = models.PositiveSmallIntegerField(default=100)
    around_the_clock = models.BooleanField(default=False)
    contract = models.ForeignKey("sla.Contract", models.PROTECT, null=True, related_name="clocks")
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"), null=True)
    remaining = models.DurationField(null=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    told = ArrayField(models.CharField(max_length=24), default=list)
    used = models.DurationField(null=True)
    excluded_as = models.CharField(max_length=22, choices=Exclusion.Kind, blank=True)
    excluded_because = models.CharField(max_length=500, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("clock"), _("clocks")
        indexes = [
            models.Index(fields=["account", "-started_at"], name="clock_by_account"),
            models.Index(fields=["due_at"], condition=Q(state="running"), name="clock_running"),
            models.Index(
                Coalesce("breached_at", "due_at"), "contract", name="clock_by_promised_moment"
            ),
            models.Index(
                fields=["calendar_version"],
                condition=Q(state__in=["running", "paused"]),
                name="clock_live_by_calendar",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "metric", "cycle"], name="one_clock_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(state="paused", due_at=None, remaining__isnull=False)
                | (~Q(state="paused") & Q(due_at__isnull=False, remaining=None)),
                name="clock_is_due_unless_paused",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], stopped_at=None)
                | (~Q(state__in=["running", "paused"]) & Q(stopped_at__isnull=False)),
                name="closed_clock_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(breached_at=None, stopped_at__lte=F("due_at")),
                name="met_clock_was_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="missed") | Q(breached_at__isnull=False),
                name="missed_clock_was_breached",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], used=None)
                | (~Q(state__in=["running", "paused"]) & Q(used__gte=timedelta())),
                name="closed_clock_tells_what_it_used",
            ),
            models.CheckConstraint(
                condition=Q(excluded_as="", excluded_because="")
                | (~Q(excluded_as="") & ~Q(excluded_because="") & Q(breached_at__isnull=False)),
                name="excluded_clock_was_breached_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.cycle} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.PAUSED

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the promised time has passed, whatever the timers have recorded yet."""
        late = self.due_at is not None and self.due_at < now
        return self.breached_at is not None or (self.is_live and late)

    def note_breach(self, at: datetime) -> None:
        """Remember that the due moment passed before `at` while the clock ran; only the first."""
        if self.breached_at is None and self.due_at is not None and self.due_at < at:
            self.breached_at = self.due_at

    @property
    def calendar(self) -> WorkCalendar:
        """The hours this clock counts: its own version of the calendar, or every hour."""
        return counted_hours(self.calendar_version_id, around_the_clock=self.around_the_clock)


def counted_hours(version_id: UUID, *, around_the_clock: bool) -> WorkCalendar:
    """Return the hours that count: those of the calendar's version, or every hour in its zone."""
    hours = work_calendar(version_id)
    return WorkCalendar.always(hours.zone) if around_the_clock else hours


class ClockRun(models.Model):
    """A stretch in which the clock ran; what lies between two of them is a pause.

    Append-only: a run is opened, then closed once; the database refuses anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="runs")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ends_at=None), name="one_open_run_per_clock"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="run_ends_after_start",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="runs_are_append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.ends_at IS NOT NULL
                        OR (NEW.id, NEW.clock_id, NEW.starts_at)
                            IS DISTINCT FROM (OLD.id, OLD.clock_id, OLD.starts_at)
                    THEN
                        RAISE EXCEPTION 'what a clock has run is never rewritten'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}–{self.ends_at}"

    @property
    def as_run(self) -> Run:
        return Run(self.starts_at, self.ends_at)
