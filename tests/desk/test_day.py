from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.day import Bucket, Concern, Duty, in_order

NOW = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
DAY_ENDS = datetime(2026, 3, 11, 22, 0, tzinfo=UTC)


def duty(name, concern, due_at):
    return Duty(id=name, concern=Concern(concern), due_at=due_at)


def test_order_of_the_managers_day():
    """E10.1, the times of Sofia."""
    duties = [
        duty("T1", "client", NOW + timedelta(hours=2)),
        duty("T2", "client", NOW + timedelta(minutes=40)),
        duty("T3", "client", NOW - timedelta(hours=16)),
        duty("T4", "risk", NOW + timedelta(hours=8)),
        duty("T5", "internal", NOW + timedelta(hours=7)),
        duty("T6", "burning", NOW + timedelta(minutes=20)),
    ]

    ordered = in_order(duties, NOW, DAY_ENDS)

    assert [each.id for each in ordered] == ["T6", "T3", "T2", "T1", "T4", "T5"]


@pytest.mark.parametrize(
    ("due_at", "bucket"),
    [
        (NOW - timedelta(microseconds=1), Bucket.OVERDUE),
        (NOW, Bucket.TODAY),
        (DAY_ENDS - timedelta(microseconds=1), Bucket.TODAY),
        (DAY_ENDS, Bucket.AHEAD),
    ],
)
def test_what_is_owed_to_a_client_moves_on_by_its_due_moment(due_at, bucket):
    assert duty("T", "client", due_at).bucket(NOW, DAY_ENDS) == bucket


DUTIES = st.builds(
    Duty,
    id=st.text(min_size=1, max_size=3),
    concern=st.sampled_from(Concern),
    due_at=st.timedeltas(timedelta(days=-9), timedelta(days=9)).map(lambda span: NOW + span),
)


@given(
    st.lists(DUTIES, unique_by=lambda each: each.id).flatmap(
        lambda rows: st.tuples(st.just(rows), st.permutations(rows))
    )
)
def test_order_depends_on_nothing_but_the_duties(both):
    rows, shuffled = both

    assert in_order(rows, NOW, DAY_ENDS) == in_order(shuffled, NOW, DAY_ENDS)
