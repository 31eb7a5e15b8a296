"""Opening hours as people type them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.opening_hours import UnreadableHours, hours_text, read_hours

HOUR = 3600


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00–13:00, 14:00–18:00", [[9, 13], [14, 18]]),
        ("9-18", [[9, 18]]),
        (" 9.00 - 18.00 ", [[9, 18]]),
        ("14:00-18:00; 9:00-13:00", [[9, 13], [14, 18]]),
        ("00:00–24:00", [[0, 24]]),
        ("22:00–06:00", [[22, 6]]),
        ("22:00-00:00", [[22, 0]]),
        ("09:00–13:00,13:00–18:00", [[9, 13], [13, 18]]),
        ("closed", []),
        ("Closed.", []),
        ("–", []),
        ("", []),
    ],
)
def test_what_people_write_is_read(text, hours):
    assert read_hours(text) == [[opens * HOUR, closes * HOUR] for opens, closes in hours]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nine to five", "“nine to five” is not a time span. Write it like 09:00–18:00"),
        ("09:00", "is not a time span"),
        ("25:00–26:00", "25:00 is not a time of day. Times go from 00:00 to 24:00."),
        ("09:75–10:00", "09:75 is not a time of day"),
        ("09:00–09:00", "opens and closes at once. For the whole day write 00:00–24:00."),
        ("24:00–06:00", "A day cannot open at 24:00. Write 00:00 on the next day."),
        ("09:00–13:00, 12:00–18:00", "09:00–13:00 and 12:00–18:00 overlap."),
        ("20:00–06:00, 22:00–23:00", "20:00–06:00 and 22:00–23:00 overlap."),
    ],
)
def test_what_cannot_be_read_is_answered_by_a_sentence(text, sentence):
    with pytest.raises(UnreadableHours) as refusal:
        read_hours(text)

    assert sentence in str(refusal.value.sentence)


def test_closed_is_said_and_read_in_the_readers_language():
    with translation.override("ru"):
        assert read_hours(hours_text([])) == []
    assert hours_text([]) == "closed"


@given(st.lists(st.integers(min_value=0, max_value=1440), min_size=2, max_size=8, unique=True))
def test_what_is_written_is_read_back(minutes):
    edges = sorted(minutes)[: len(minutes) // 2 * 2]
    hours = [[edges[i] * 60, edges[i + 1] * 60] for i in range(0, len(edges), 2)]

    assert read_hours(hours_text(hours)) == hours
