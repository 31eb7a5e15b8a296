"""Promises in plain words, and what a month has kept of them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from core.shares import Share
from core.wording import share_text
from sla import clockwork
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Contract, CreditBand, Exclusion, Metric, ScopeItem, Target
from sla.promises import levels, levels_of, usual_day
from sla.queries import kept_this_month
from sla.steps import HOUSE_STEPS, Step
from sla.words import (
    any_of,
    band_text,
    by_when,
    caps_text,
    every,
    exact,
    exclusion_text,
    in_days,
    listed,
    misses_text,
    sentence,
    service_text,
    step_text,
    within,
)
from tests.factories import CalendarFactory, ContractFactory

HOUR = timedelta(hours=1)
EVERY_METRIC = [metric.value for metric in Metric]


def plain(text):
    """Return the text with spaces that break a line."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("minutes", "around_the_clock", "words"),
    [
        (1, False, "within 1 working minute"),
        (30, False, "within 30 working minutes"),
        (60, False, "within 1 working hour"),
        (90, False, "within 1 working hour 30 working minutes"),
        (480, False, "within 8 working hours"),
        (30, True, "within 30 minutes, day and night"),
        (240, True, "within 4 hours, day and night"),
    ],
)
def test_a_time_in_words(minutes, around_the_clock, words):
    assert within(Promised(timedelta(minutes=minutes), around_the_clock)) == words


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        (Promised(HOUR), "every working hour"),
        (Promised(4 * HOUR), "every 4 working hours"),
        (Promised(HOUR / 60), "every working minute"),
        (Promised(HOUR * 1.5), "every 90 working minutes"),
        (Promised(HOUR, around_the_clock=True), "every hour, day and night"),
        (Promised(2 * HOUR, around_the_clock=True), "every 2 hours, day and night"),
        (Promised(days=1), "every working day"),
        (Promised(days=3), "every 3 working days"),
    ],
)
def test_what_comes_again_in_words(promised, words):
    assert every(promised) == words


def test_working_days_in_words():
    assert within(Promised(days=1)) == "within 1 working day"
    assert within(Promised(days=3)) == "within 3 working days"
    assert within(Promised(days=2, around_the_clock=True)) == "within 2 days, day and night"


def test_updates_come_every_so_often_and_all_else_within_a_time():
    assert by_when("update", Promised(days=1)) == "every working day"
    assert by_when("workaround", Promised(2 * HOUR)) == "within 2 working hours"


def test_a_priority_in_one_sentence():
    two, eight = Promised(2 * HOUR), Promised(8 * HOUR)

    assert sentence({"first_response": two, "resolution": eight}) == (
        "You call, we answer within 2 working hours; we solve it within 8 working hours."
    )
    assert sentence({"first_response": two}) == "You call, we answer within 2 working hours."
    assert sentence({"resolution": eight}) == "You call, we solve it within 8 working hours."


def test_all_five_promises_in_one_sentence():
    times = dict(zip(EVERY_METRIC, (Promised(n * HOUR) for n in (2, 3, 4, 5, 8)), strict=True))

    assert sentence(times) == (
        "You call, we answer within 2 working hours; "
        "we answer each further message within 3 working hours; "
        "we tell you how it stands every 4 working hours; "
        "we find a way around it within 5 working hours; "
        "we solve it within 8 working hours."
    )


def test_day_and_night_is_said_once_where_it_holds_for_all():
    always = {
        metric: promised for (grade, metric), promised in HOUSE_STANDARD.items() if grade == "p1"
    }

    assert sentence(always) == (
        "You call, day or night: we answer within 30 minutes; "
        "we tell you how it stands every hour; "
        "we find a way around it within 2 hours; we solve it within 4 hours."
    )
    assert sentence(always | {"resolution": Promised(8 * HOUR)}) == (
        "You call, we answer within 30 minutes, day and night; "
        "we tell you how it stands every hour, day and night; "
        "we find a way around it within 2 hours, day and night; "
        "we solve it within 8 working hours."
    )


def test_whole_working_days_are_said_as_days():
    day = timedelta(hours=9)

    assert in_days(Promised(2 * day), day) == "2 working days"
    assert in_days(Promised(timedelta(hours=8)), day) == ""
    assert in_days(Promised(day, around_the_clock=True), day) == ""
    assert in_days(Promised(days=1), day) == ""


@pytest.mark.django_db
def test_the_usual_day_is_known_only_if_all_days_are_alike():
    half_friday = {str(day): [[9 * 3600, 18 * 3600]] for day in range(4)} | {
        "4": [[9 * 3600, 12 * 3600]]
    }
    always = {str(day): [[0, 86_400]] for day in range(7)}

    lengths = [
        usual_day(CalendarFactory(special__week=week).current_id)
        for week in (None, half_friday, always)
    ]

    assert lengths == [timedelta(hours=9), None, None]


def test_exact_counts_hours_beyond_a_day():
    assert exact(timedelta(days=2, minutes=3, seconds=4)) == "48:03:04"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            Step(key="s1", percent=75, hearers=("manager",)),
            "At 75 % of the time the account manager hears of it.",
        ),
        (
            Step(
                key="s2", from_due=HOUR, hearers=("executive",), any_hour=True, again=2 * HOUR,
                most=3,
            ),
            ("1 working hour after the deadline the executive hears of it, "
            "again every 2 working hours, at most 3 times, also at night."),
        ),
        (
            Step(
                key="s3", from_due=-HOUR / 2, hearers=("head",), priority="p1", again=HOUR, most=1
            ),
            ("P1 critical: 30 minutes before the deadline the head of key accounts hears of it, "
            "again every hour, day and night, at most once."),
        ),
        (
            Step(key="s4", action="raise", metric="resolution"),
            "Resolution: At the deadline the priority goes up.",
        ),
        (
            Step(key="s5", action="raise", hearers=("assignee",), priority="p2", metric="update"),
            ("P2 high, Regular update: At the deadline the priority goes up, "
            "and who works on it hears of it."),
        ),
    ],
)  # fmt: skip
def test_a_step_in_words(step, words):
    assert plain(step_text(step, {})) == words


def test_a_step_names_its_person():
    marta = uuid4()
    told = Step(key="s1", percent=50, hearers=("manager",), person_id=marta)
    given = Step(key="s2", percent=90, action="reassign", person_id=marta)

    assert plain(step_text(told, {marta: "Marta Weiss"})) == (
        "At 50 % of the time the account manager and Marta Weiss hear of it."
    )
    assert plain(step_text(given, {marta: "Marta Weiss"})) == (
        "At 90 % of the time Marta Weiss takes it over."
    )


def test_the_steps_of_the_house_in_words():
    assert [plain(step_text(step, {})) for step in HOUSE_STEPS] == [
        "At 50 % of the time who works on it hears of it, also at night.",
        "At 75 % of the time who works on it and the account manager hear of it, also at night.",
        (
            "At 90 % of the time who works on it, the account manager and the head of key accounts "
            "hear of it, also at night."
        ),
        "P1 critical: 30 minutes after the deadline the executive hears of it, also at night.",
    ]


def test_bands_misses_and_caps_in_words():
    band = CreditBand(metric="resolution", from_percent=85, to_percent=90, credit_percent=4)
    lowest = CreditBand(metric="resolution", from_percent=0, to_percent=75, credit_percent=12)

    assert plain(band_text(band)) == "85 % to less than 90 %: 4 % of the monthly fee"
    assert plain(band_text(lowest)) == "less than 75 %: 12 % of the monthly fee"
    assert (
        plain(caps_text(Contract())) == "At most 10 % of the month’s fee and 5 % of the year’s fee."
    )


@pytest.mark.parametrize(
    ("tolerated", "words"), [(0, "each miss."), (1, "each miss beyond the first."),
                             (2, "each miss beyond the first 2.")],
)  # fmt: skip
def test_the_credit_for_single_misses_in_words(tolerated, words):
    said = plain(misses_text(Contract(tolerated_misses=tolerated)))

    assert said == f"With fewer than 10 cases in the month: 2 % of the monthly fee for {words}"


def test_services_and_exclusions_in_words():
    plenty = ScopeItem(service="Visits", quantity=Decimal("10.0000"), unit="hours", per="month")
    excused = Exclusion(kind="agreed_maintenance", text="Sundays")

    assert service_text(plenty) == "Visits: 10 hours a month"
    assert service_text(ScopeItem(service="Hotline")) == "Hotline"
    assert exclusion_text(excused) == "Maintenance that we agreed on in advance: Sundays"
    assert exclusion_text(Exclusion(kind="client_delay")) == "You delayed the work"


def test_people_are_listed():
    assert [any_of(people) for people in ([], ["Ada"], ["Ada", "Bo"], ["Ada", "Bo", "Cy"])] == [
        "", "Ada", "Ada or Bo", "Ada, Bo or Cy",
    ]  # fmt: skip
    assert listed(["Ada", "Bo", "Cy"]) == "Ada, Bo and Cy"


def test_a_measured_share_is_told_with_its_cases():
    assert plain(share_text(Share(17, 20))) == "85.00 % (17 of 20)"


def test_levels_say_what_is_the_contracts_and_what_is_the_houses(account):
    contract = ContractFactory(account=account, targets={("p2", "resolution"): 540})

    [_p1, p2, _p3, _p4] = levels(contract, account.calendar)

    assert [
        (each.metric.value, each.by_when, each.in_days, each.is_house) for each in p2.promises
    ] == [
        ("first_response", "within 2 working hours", "", True),
        ("next_response", "within 2 working hours", "", True),
        ("update", "every 4 working hours", "", True),
        ("resolution", "within 9 working hours", "1 working day", False),
    ]


def test_the_house_promises_all_metrics_without_a_calendar():
    promises = {level.priority.value: level.promises for level in levels(None)}

    assert [each.by_when for each in promises["p3"]] == [
        "within 4 working hours",
        "within 4 working hours",
        "every working day",
        "within 24 working hours",
    ]
    assert [len(each) for each in promises.values()] == [5, 4, 4, 4]


def test_a_category_has_a_level_of_its_own_that_fills_its_gaps(account):
    general = Target(priority="p2", metric="first_response", minutes=60)
    special = Target(priority="p2", metric="resolution", minutes=240, category="safety")

    told = levels_of([general, special], account.calendar)
    safety = told[2]

    assert [(each.priority.value, str(each.category)) for each in told] == [
        ("p1", ""), ("p2", ""), ("p2", "Safety"), ("p3", ""), ("p4", ""),
    ]  # fmt: skip
    assert [each.by_when for each in safety.promises] == ["within 4 working hours"]
    assert safety.sentence.startswith("You call, we answer within 1 working hour; ")


def test_kept_counts_what_fell_due_this_month(account, start, clock_of, now):
    met, late, open_late, cancelled, next_month = (start() for _each in range(5))
    due = clock_of(met, "first_response").due_at
    clockwork.stop_clocks(met, ["first_response"], due)
    clockwork.stop_clocks(late, ["first_response"], due + timedelta(seconds=1))
    clockwork.cancel_clocks(cancelled, now)
    clockwork.stop_clocks(next_month, ["first_response"], now)
    type(clock_of(met)).objects.about(next_month).update(due_at=now + timedelta(days=40))

    kept = {
        metric.value: (each.met, each.of)
        for metric, each in kept_this_month(account, due + timedelta(hours=1))
    }

    assert open_late.pk
    assert kept == {"first_response": (1, 3), "resolution": (0, 0)}
    assert kept_this_month(account, now.replace(month=2))[0][1].of == 0
    assert date(2026, 3, 1) <= due.date()
