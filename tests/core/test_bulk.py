"""Rows written by one statement read back as they were given."""

import pytest

from core.bulk import insert_rows, update_rows
from core.models import AuditEntry, Timer
from core.operations import record
from tests.factories import NOON, AuditEntryFactory, UserFactory

pytestmark = pytest.mark.django_db
STRANGE = ['"', "\\N", "", "a,b", "line\nbreak", "\\.", "it's", "Кобза", "%s", "{}"]
TIMER = ("id", "kind", "subject_id", "step", "due_at", "fire_at", "attempts", "last_error")


def timer_row(step, text=""):
    timer = Timer()
    return (timer.pk, "test", UserFactory().pk, step, NOON, NOON, 0, text)


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_is_kept(text):
    row = timer_row("1", text)

    insert_rows(Timer, TIMER, [row])

    assert Timer.objects.values_list(*TIMER).get() == row


@pytest.mark.parametrize("text", STRANGE)
def test_an_entry_is_recorded_as_it_is(text):
    entry = AuditEntryFactory.build(
        actor=UserFactory(), label=text, details={"said": text, "none": None}, reason=text
    )

    record([entry])

    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.label, kept.details, kept.reason, kept.on_behalf_of_id) == (
        text, {"said": text, "none": None}, text, None,
    )  # fmt: skip


def test_rows_that_are_there_already_are_kept():
    first = timer_row("1", "first")
    insert_rows(Timer, TIMER, [first])

    second = (Timer().pk, *first[1:-1], "second")
    insert_rows(Timer, TIMER, [second, timer_row("2")], keep_present=True)

    assert list(Timer.objects.order_by("step").values_list("last_error", flat=True)) == [
        "first",
        "",
    ]


def test_each_row_gets_its_own_values():
    rows = [timer_row("1"), timer_row("2")]
    insert_rows(Timer, TIMER, rows)

    update_rows(Timer, ["attempts", "fired_at"], [(rows[0][0], 3, NOON), (rows[1][0], 4, None)])

    kept = Timer.objects.order_by("step").values_list("attempts", "fired_at")
    assert list(kept) == [(3, NOON), (4, None)]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Timer, TIMER, [])
        update_rows(Timer, ["attempts"], [])
