"""What it costs to say why a clock is due when it is due."""

import time
from datetime import UTC, datetime, timedelta
from timeit import Timer

import pytest

from sla.clock import Run
from sla.explain import explain
from tests.benchmarks.test_worktime_benchmark import CALENDAR

pytestmark = pytest.mark.benchmark

PAGE = 60
LAST = datetime(2026, 3, 2, 10, tzinfo=UTC)


def told(years, pauses):
    """Explain a clock that ran so long, and read as much of it as a page shows."""
    begin = LAST - timedelta(days=365 * years)
    length = (LAST - begin) / (pauses + 1)
    runs = [
        Run(begin + turn * length, begin + (turn + 0.9) * length if turn < pauses else None)
        for turn in range(pauses + 1)
    ]
    target = sum(
        (CALENDAR.between(run.starts_at, run.ends_at or LAST) for run in runs), timedelta()
    )

    def page():
        answer = explain(target, runs, CALENDAR, is_paused=False)
        return answer.due_at, answer.used, len(answer.days), answer.days[:PAGE]

    return page


def cost_of(page):
    """Return the processor's seconds: neighbours on the machine do not count."""
    return min(Timer(page, timer=time.process_time).repeat(repeat=15, number=20)) / 20


@pytest.mark.parametrize("pauses", [0, 2])
def test_ten_years_are_explained_within_a_millisecond(pauses):
    ten, one = (cost_of(told(years, pauses)) for years in (10, 1))

    print(f"ten years, {pauses} pauses: {ten * 1000:.2f} ms, {ten / one:.2f} × a year")  # noqa: T201 -- the figure is the point
    assert ten <= 0.001
    assert ten / one <= 2
