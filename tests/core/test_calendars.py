"""Working calendars: each change is a new version, and old ones stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.models import AuditEntry, CalendarVersion, SpecialDay
from core.models.calendar import work_calendar
from core.services import calendar as calendars

OFFICE = {str(day): [[9 * 3600, 18 * 3600]] for day in range(5)}
MORNINGS = {str(day): [[8 * 3600, 12 * 3600]] for day in range(5)}


@pytest.fixture
def calendar(head, now):
    return calendars.create_calendar(
        actor=head, name="Office", country="BG", zone="Europe/Sofia", week=OFFICE, now=now
    )


@pytest.fixture
def edit(head, calendar, now):
    def change(actor=head, **given):
        terms = {"name": "Office", "country": "BG", "zone": "Europe/Sofia", "week": OFFICE}
        return calendars.edit_calendar(
            actor=actor, calendar=calendar, now=now, **{**terms, **given}
        )

    return change


@pytest.fixture
def bring_in(head, calendar, now):
    def bring(country, *years, language="en"):
        return calendars.import_holidays(
            actor=head, calendar=calendar, country=country, years=years, language=language, now=now
        )

    return bring


@pytest.fixture
def set_day(head, calendar, now):
    def change(day, name="Company day", hours=()):
        return calendars.set_special_day(
            actor=head, calendar=calendar, day=day, name=name, hours=list(hours), now=now
        )

    return change


def days_of(calendar):
    rows = SpecialDay.objects.filter(calendar_version=calendar.current_id)
    return {row.date: (row.name, row.hours, row.source) for row in rows}


def entry(verb):
    return AuditEntry.objects.filter(verb=f"core.{verb}").latest("id")


def test_create_makes_the_first_version(calendar, now):
    assert calendar.current.number == 1
    assert work_calendar(calendar.current_id).is_open(now)
    assert str(entry("create_calendar").says) == "Made the calendar Office"


def test_edit_makes_the_next_version_and_leaves_the_old_one(calendar, edit, now):
    first = calendar.current

    edit(week=MORNINGS)

    assert (calendar.current.number, calendar.version) == (2, 2)
    assert CalendarVersion.objects.get(pk=first.pk).week == {**OFFICE, "5": [], "6": []}
    assert work_calendar(first.pk).is_open(now)
    assert not work_calendar(calendar.current_id).is_open(now)
    assert entry("edit_calendar").changes["week"][1][0] == "0 08:00–12:00"


def test_a_new_name_alone_needs_no_new_version(calendar, edit):
    edit(name="Headquarters")

    assert (calendar.name, calendar.current.number) == ("Headquarters", 1)


def test_special_days_survive_an_edit(calendar, edit, set_day):
    set_day(date(2026, 6, 1))

    edit(zone="Europe/Kyiv")

    assert list(days_of(calendar)) == [date(2026, 6, 1)]
    assert entry("edit_calendar").changes["zone"] == ["Europe/Sofia", "Europe/Kyiv"]


@pytest.mark.parametrize("role", ["am", "sa", "te", "fi", "ex"])
def test_only_heads_and_administrators_change_calendars(edit, people, role):
    with pytest.raises(PermissionDenied):
        edit(actor=people[role], name="Mine")


def test_administrators_may(edit, admin, calendar):
    edit(actor=admin, name="Headquarters")

    assert calendar.name == "Headquarters"


@pytest.mark.parametrize("week", [{}, {"0": []}])
def test_a_calendar_that_never_opens_is_refused(edit, calendar, week):
    with pytest.raises(calendars.CalendarNeverOpens):
        edit(week=week)

    calendar.refresh_from_db()
    assert calendar.current.number == 1


def test_thirty_days_without_an_open_minute_are_refused(calendar, edit, set_day):
    edit(week={"0": [[9 * 3600, 18 * 3600]]})
    for monday in (date(2026, 4, 6), date(2026, 4, 13), date(2026, 4, 20)):
        set_day(monday)

    with pytest.raises(calendars.CalendarNeverOpens) as refusal:
        set_day(date(2026, 4, 27))

    assert "March 30, 2026" in str(refusal.value.sentence)
    assert date(2026, 4, 27) not in days_of(calendar)


def test_a_calendar_open_day_and_night_is_allowed(calendar, edit):
    edit(week={str(day): [[0, 86_400]] for day in range(7)})

    assert calendar.current.number == 2


def test_two_calendars_never_share_a_name(head, calendar, now):
    with pytest.raises(calendars.CalendarNameTaken):
        calendars.create_calendar(
            actor=head, name="Office", country="", zone="UTC", week=OFFICE, now=now
        )


def test_a_special_day_is_set_changed_and_removed(calendar, set_day, head, now):
    day = date(2026, 12, 24)
    set_day(day)
    set_day(day, name="Half day", hours=[[9 * 3600, 13 * 3600]])
    half = days_of(calendar)

    calendars.remove_special_day(actor=head, calendar=calendar, day=day, now=now)

    assert half == {day: ("Half day", [[9 * 3600, 13 * 3600]], "manual")}
    assert days_of(calendar) == {}
    assert calendar.current.number == 4
    assert entry("remove_special_day").changes["special_days"] == [
        ["2026-12-24 Half day: 09:00–13:00"], [],
    ]  # fmt: skip
    assert str(entry("set_special_day").says) == (
        "Set the hours of Dec. 24, 2026 (Half day) in the calendar Office"
    )


def test_a_day_that_is_not_there_cannot_be_removed(calendar, head, now):
    with pytest.raises(calendars.NoSuchDay):
        calendars.remove_special_day(actor=head, calendar=calendar, day=date(2026, 12, 24), now=now)


def test_import_brings_in_the_public_holidays_with_their_source(calendar, bring_in):
    result = bring_in("BG", 2026)

    days = days_of(calendar)
    assert days[date(2026, 3, 3)] == ("Liberation Day", [], "BG")
    assert len(days) == result.days_off
    assert result.says == f"{result.days_off} days off and 0 moved working days are in."
    assert not work_calendar(calendar.current_id).is_open(datetime(2026, 3, 3, 10, tzinfo=UTC))


def test_import_speaks_the_language_that_is_asked_for(calendar, bring_in):
    bring_in("BG", 2026, language="bg")

    assert days_of(calendar)[date(2026, 5, 24)][0].startswith(
        "Ден на светите братя Кирил и Методий"
    )


def test_a_day_set_by_hand_wins(calendar, set_day, bring_in):
    set_day(date(2026, 3, 3), name="We work", hours=[[9 * 3600, 13 * 3600]])

    bring_in("BG", 2026)

    assert days_of(calendar)[date(2026, 3, 3)] == ("We work", [[9 * 3600, 13 * 3600]], "manual")


def test_moved_working_days_get_the_usual_hours(calendar, bring_in):
    result = bring_in("RU", 2024)

    name, hours, source = days_of(calendar)[date(2024, 4, 27)]
    assert (name, hours, source) == ("Working day (moved)", OFFICE["0"], "RU")
    assert result.working_days == 3


def test_a_moved_working_day_that_is_open_anyway_keeps_its_hours(calendar, edit, bring_in):
    edit(week=OFFICE | {"5": [[10 * 3600, 14 * 3600]]})

    bring_in("RU", 2024)

    assert date(2024, 4, 27) not in days_of(calendar)


def test_import_again_replaces_what_it_brought_and_nothing_else(calendar, set_day, bring_in):
    bring_in("BG", 2026, 2027)
    set_day(date(2026, 7, 1))
    version = calendar.current.number

    bring_in("DE", 2026)
    days = days_of(calendar)
    bring_in("DE", 2026)

    assert {source for day, (_n, _h, source) in days.items() if day.year == 2027} == {"BG"}
    assert {source for day, (_n, _h, source) in days.items() if day.year == 2026} == {
        "DE",
        "manual",
    }
    assert calendar.current.number == version + 1
    assert str(calendar.country) == "DE"


def test_a_country_without_days_off_is_said_aloud_and_kept_in_the_audit(calendar, bring_in):
    result = bring_in("UA", 2025, 2026)

    assert result.says == (
        "Ukraine has no public days off by law in 2025, 2026, so none are marked. "
        "Add the days on which you close by hand."
    )
    assert calendar.current.number == 1
    told = entry("import_holidays")
    assert told.details["silent_years"] == "2025, 2026"
    assert str(told.says).endswith("0 days off, 0 moved working days; none by law in 2025, 2026")


def test_a_part_of_a_country_has_its_own_days(calendar, bring_in):
    bring_in("GB-SCT", 2026)

    assert days_of(calendar)[date(2026, 1, 2)] == ("New Year Holiday", [], "GB-SCT")
    assert "United Kingdom, SCT" in str(entry("import_holidays").says)


@pytest.mark.parametrize("country", ["XX", "DE-XX"])
def test_an_unknown_country_is_refused(calendar, bring_in, country):
    with pytest.raises(calendars.NoHolidaysKnown):
        bring_in(country, 2026)


def test_a_shift_over_midnight_is_kept_as_it_was_written(calendar, edit, now):
    edit(week={"5": [[22 * 3600, 6 * 3600]]})

    assert calendar.week["5"] == [[22 * 3600, 6 * 3600]]
    saturday_night = datetime(2026, 3, 7, 22, 0, tzinfo=UTC)
    assert work_calendar(calendar.current_id).is_open(saturday_night + timedelta(hours=3))
