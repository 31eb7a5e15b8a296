"""The explanation of one clock as people and programs read it: with names and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.models import SpecialDay
from core.pictures import Bar, bar, bars_of
from core.worktime import Reason
from sla.explain import ExplainedDay, Explanation, Span, explain, on_wall
from sla.models import Clock
from sla.words import exact, wall_time

REASONS: dict[Reason, Sentence] = {
    Reason.CLOSED_WEEKDAY: _("closed on this weekday"),
    Reason.SKIPPED: _("the time zone left this date out"),
}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One date, or several closed ones in a row.

    until -- the last of the dates folded into this line.
    spans -- what was counted; `counted_when` says it on the calendar's wall clock.
    total -- what the clock has used by the end of the date.
    """

    day: date
    until: date
    note: Sentence
    is_closed: bool
    hours: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...]
    counted_when: list[str]
    counted: timedelta
    total: timedelta
    open_bars: list[Bar]
    used_bars: list[Bar]
    pause_bars: list[Bar]

    @property
    def counted_text(self) -> str:
        return exact(self.counted) if self.counted else "–"

    @property
    def total_text(self) -> str:
        return exact(self.total)


def explanation_of(clock: Clock) -> Explanation:
    runs = [run.as_run for run in clock.runs.all()]
    return explain(clock.target, runs, clock.calendar, is_paused=clock.is_paused)


def lines_of(clock: Clock, explanation: Explanation, *, most: int) -> list[DayLine]:
    """Return the first dates of the explanation, closed ones of one reason folded together."""
    days = explanation.days[:most]
    names = _names(clock, days)
    lines: list[DayLine] = []
    total = timedelta()
    for day in days:
        total += day.counted
        line = _line(day, _note(day, names), total, explanation)
        if lines and _continues(lines[-1], line):
            line = _folded(lines.pop(), line)
        lines.append(line)
    return lines


def on_clock(at: datetime, told: Explanation) -> datetime:
    """Return the moment as the calendar's wall clock shows it; templates must not shift it."""
    return at.astimezone(told.calendar.zone).replace(tzinfo=None)


def _wall_span(span: Span, told: Explanation) -> str:
    begin, end = (on_clock(moment, told) for moment in span)
    closes_at_midnight = end.time() == time() and end.date() > begin.date()
    return f"{wall_time(begin)}–{'24:00' if closes_at_midnight else wall_time(end)}"


def _names(clock: Clock, days: Iterable[ExplainedDay]) -> dict[date, str]:
    if clock.around_the_clock:
        return {}
    special = SpecialDay.objects.filter(
        calendar_version=clock.calendar_version_id, date__in=[day.day for day in days]
    )
    return dict(special.values_list("date", "name"))


def _note(day: ExplainedDay, names: dict[date, str]) -> Sentence:
    return names.get(day.day) or REASONS.get(day.reason, "")


def _line(day: ExplainedDay, note: Sentence, total: timedelta, told: Explanation) -> DayLine:
    pauses = [Span(pause.starts_at, pause.ends_at) for pause in told.pauses if pause.ends_at]
    return DayLine(
        day=day.day,
        until=day.day,
        note=note,
        is_closed=day.is_closed,
        hours=day.hours,
        spans=day.spans,
        counted_when=[_wall_span(span, told) for span in day.spans],
        counted=day.counted,
        total=total,
        open_bars=bars_of(day.hours),
        used_bars=list(_bars(day.spans, day.day, told)),
        pause_bars=list(_bars(pauses, day.day, told)),
    )


def _bars(spans: Iterable[Span], day: date, told: Explanation) -> Iterator[Bar]:
    zone = told.calendar.zone
    for begin, end in spans:
        if begin.astimezone(zone).date() <= day <= end.astimezone(zone).date():
            yield bar(*on_wall((begin, end), day, told.calendar))


def _continues(line: DayLine, following: DayLine) -> bool:
    both_closed = line.is_closed and following.is_closed
    next_day = following.day - line.until == timedelta(days=1)
    return both_closed and next_day and line.note == following.note


def _folded(line: DayLine, following: DayLine) -> DayLine:
    return replace(line, until=following.day)
