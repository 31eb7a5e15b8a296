from datetime import timedelta

import pytest

from complaints import services
from complaints.queue import bar_of
from complaints.wording import by_when, why_priority
from sla.models import Clock


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (2, "today 14:00"),
        (13, "tomorrow 01:00"),
        (52, "Wed 4 Mar, 16:00"),
        (-20, "Sun 1 Mar, 16:00"),
    ],
)
def test_deadlines_are_told_as_one_says_them(now, hours, said):
    assert by_when(now + timedelta(hours=hours), now) == said


def test_priority_is_explained(log, agent, manager, now):
    plain, unsafe, first, again = log(), log(safety=True), log(), log()
    for complaint in (first, again):
        services.triage(
            actor=agent, complaint=complaint, impact=2, urgency=2, category="quality",
            safety=False, root_cause="defect", assignee=agent, lead=manager, now=now,
        )  # fmt: skip

    assert why_priority(plain) == "Impact 2 and urgency 2 make P2."
    assert why_priority(unsafe) == "Somebody could get hurt: always P1."
    assert again.priority == "p1"
    assert why_priority(again).startswith("Impact 2 and urgency 2 make P2. Raised one step")


@pytest.mark.parametrize(
    ("hours", "share"),
    [
        ({"due_at": 8}, 0.25),
        ({"due_at": 8, "stopped_at": 4}, 0.5),
        ({"due_at": 1}, 2.0),
        ({"due_at": 0}, 1.0),
        ({"remaining": 2}, 0.75),
    ],
)
def test_bar_shows_the_used_share_of_the_target(now, hours, share):
    moments = {
        name: timedelta(hours=count) if name == "remaining" else now + timedelta(hours=count)
        for name, count in hours.items()
    }
    running = Clock(metric="resolution", started_at=now, target=timedelta(hours=8), **moments)

    assert bar_of(running, now + timedelta(hours=2)).share == share
