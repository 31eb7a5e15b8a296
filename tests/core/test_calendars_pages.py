"""Pages of working calendars."""

import re
from datetime import date

import pytest
from django.urls import reverse

from core.models import Calendar, SpecialDay
from tests.conftest import HTMX
from tests.factories import CalendarFactory

WEEK = {f"day_{day}": "09:00–18:00" for day in range(5)} | {"day_5": "closed", "day_6": ""}
OFFICE = {"name": "Office", "zone": "Europe/Sofia", "country": "BG", **WEEK}


@pytest.fixture
def calendar(db):
    return CalendarFactory(name="Office", special={date(2026, 3, 3): ("Liberation Day", [])})


@pytest.fixture
def keeper(sign_in, head, now):
    return sign_in(head)


def page(name, *args):
    return reverse(f"calendars:{name}", args=args)


def text_of(response):
    return response.content.decode()


def test_index_tells_the_hours_in_one_line(keeper, calendar):
    assert "Mon–Fri 09:00–18:00" in text_of(keeper.get(page("index")))


def test_index_costs_the_same_for_one_calendar_and_for_three(
    keeper, calendar, django_assert_num_queries, django_assert_max_num_queries
):
    keeper.get(page("index"))
    with django_assert_max_num_queries(10) as one:
        keeper.get(page("index"))
    for _each in range(2):
        CalendarFactory()
    with django_assert_num_queries(len(one)):
        keeper.get(page("index"))


def test_detail_draws_the_week_and_lists_the_days_to_come(keeper, calendar):
    told = text_of(keeper.get(page("detail", calendar.pk)))

    assert told.count('<rect class="week-open" x="32400" width="32400"') == 5
    assert "Liberation Day" in told
    assert "by hand" in told


def test_detail_shows_the_days_of_a_year(keeper, calendar):
    old = text_of(keeper.get(page("detail", calendar.pk), {"year": "2025"}))
    this = text_of(keeper.get(page("detail", calendar.pk), {"year": "2026"}))

    assert "Liberation Day" not in old
    assert "Liberation Day" in this
    for wrong in ("soon", "0", "99999"):
        assert keeper.get(page("detail", calendar.pk), {"year": wrong}).status_code == 200


def test_everybody_reads_calendars_and_only_keepers_change_them(sign_in, agent, calendar):
    reader = sign_in(agent)

    assert reader.get(page("detail", calendar.pk)).status_code == 200
    assert "Edit the hours" not in text_of(reader.get(page("detail", calendar.pk)))
    for name in ("edit_calendar", "set_special_day", "import_holidays"):
        assert reader.get(page(name, calendar.pk)).status_code == 403
    assert reader.get(page("create_calendar")).status_code == 403


def test_create_reaches_the_service(keeper, now):
    answer = keeper.post(page("create_calendar"), OFFICE)

    calendar = Calendar.objects.get(name="Office")
    assert answer["Location"] == page("detail", calendar.pk)
    assert calendar.week["0"] == [[9 * 3600, 18 * 3600]]
    assert calendar.week["6"] == []


def test_edit_shows_the_hours_and_makes_a_version(keeper, calendar):
    shown = text_of(keeper.get(page("edit_calendar", calendar.pk)))

    keeper.post(
        page("edit_calendar", calendar.pk), OFFICE | {"version": "1", "day_5": "10:00–14:00"}
    )

    calendar.refresh_from_db()
    assert shown.count('value="09:00–18:00"') == 5
    assert shown.count('value="closed"') == 2
    assert (calendar.current.number, calendar.week["5"]) == (2, [[36_000, 50_400]])


def test_bad_hours_get_a_sentence_each_and_nothing_is_lost(keeper, calendar):
    typed = OFFICE | {"version": "1", "day_1": "nine to five", "day_3": "9-13, 12-18"}

    answer = keeper.post(page("edit_calendar", calendar.pk), typed, headers=HTMX)

    told = text_of(answer)
    assert answer.status_code == 422
    assert "“nine to five” is not a time span." in told
    assert "09:00–13:00 and 12:00–18:00 overlap." in told
    assert 'value="nine to five"' in told
    assert 'value="9-13, 12-18"' in told
    assert "<html" not in told


def test_a_calendar_that_never_opens_is_refused_on_the_page(keeper, calendar):
    shut = {f"day_{day}": "closed" for day in range(7)}

    answer = keeper.post(page("edit_calendar", calendar.pk), OFFICE | shut | {"version": "1"})

    assert answer.status_code == 409
    assert "would never be open" in text_of(answer)


def test_the_week_can_be_drawn_before_it_is_saved(keeper, calendar):
    typed = OFFICE | {"version": "1", "day_6": "22:00–06:00", "draw": "1"}

    answer = keeper.post(page("edit_calendar", calendar.pk), typed, headers=HTMX)

    calendar.refresh_from_db()
    assert answer.status_code == 200
    assert re.search('<rect class="week-open" x="79200" width="7200"', text_of(answer))
    assert calendar.current.number == 1


def test_an_edit_upon_an_older_version_is_refused(keeper, calendar):
    keeper.post(page("edit_calendar", calendar.pk), OFFICE | {"version": "1", "name": "Main"})

    answer = keeper.post(page("edit_calendar", calendar.pk), OFFICE | {"version": "1"})

    assert answer.status_code == 412
    assert "Now it is: Main" in text_of(answer)


def test_a_special_day_is_added_changed_and_removed(keeper, calendar):
    address = page("set_special_day", calendar.pk)
    day = {"day": "2026-12-24", "name": "Half day", "hours": "9-13", "version": "1"}

    keeper.post(address, day)
    shown = text_of(keeper.get(address, {"day": "2026-12-24"}))
    calendar.refresh_from_db()
    row = SpecialDay.objects.get(calendar_version=calendar.current_id, date=date(2026, 12, 24))
    keeper.post(page("remove_special_day", calendar.pk, row.date), {"version": "2"})

    calendar.refresh_from_db()
    assert row.hours == [[9 * 3600, 13 * 3600]]
    assert 'value="Half day"' in shown
    assert 'value="09:00–13:00"' in shown
    assert calendar.current.special_days.count() == 1


@pytest.mark.parametrize("day", ["2026-02-30", "today"])
def test_an_impossible_day_is_not_found(keeper, calendar, day):
    address = page("remove_special_day", calendar.pk, date(2026, 3, 3)).replace("2026-03-03", day)

    assert keeper.post(address).status_code == 404


def test_import_says_what_came_in(keeper, calendar):
    years = {"first_year": "2026", "last_year": "2026", "version": "1"}

    answer = keeper.post(
        page("import_holidays", calendar.pk), years | {"country": "BG"}, follow=True
    )

    assert "days off and 0 moved working days are in." in text_of(answer)
    assert "Independence Day" in text_of(answer)
    assert "public holidays of Bulgaria" in text_of(answer)


def test_import_says_aloud_that_a_country_has_no_days_off(keeper, calendar):
    years = {"first_year": "2025", "last_year": "2026", "version": "1"}

    answer = keeper.post(
        page("import_holidays", calendar.pk), years | {"country": "UA"}, follow=True
    )

    assert "Ukraine has no public days off by law in 2025, 2026" in text_of(answer)
    assert "No public days off by law" in text_of(answer)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"last_year": "2040"}, 422, "Choose one to five years"),
        ({"last_year": "2025"}, 422, "Choose one to five years"),
        ({"first_year": ""}, 422, "This field is required"),
        ({"part": "ZZ"}, 409, "No public holidays are known"),
    ],
)
def test_a_wrong_import_is_answered_by_a_sentence(keeper, calendar, change, status, words):
    asked = {"country": "DE", "first_year": "2026", "last_year": "2026", "version": "1"}

    answer = keeper.post(page("import_holidays", calendar.pk), asked | change)

    assert answer.status_code == status
    assert words in text_of(answer)
