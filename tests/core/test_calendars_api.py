"""Working calendars over REST."""

from datetime import date

import pytest

from tests.factories import CalendarFactory

PATH = "/api/v1/calendars"
WEEK = {"monday": ["09:00-13:00", "14:00-18:00"], "saturday": ["22:00-06:00"]}
BODY = {"name": "Office", "country": "BG", "zone": "Europe/Sofia", "week": WEEK}


@pytest.fixture
def calendar(db):
    return CalendarFactory(name="Main", special={date(2026, 3, 3): ("Liberation Day", [])})


@pytest.fixture
def send(sign_in, head, now):
    """Return a function that sends a body as the head of key accounts."""
    browser = sign_in(head)

    def call(method, path, body=None, match=None):
        headers = {"If-Match": f'"{match}"'} if match else {}
        return getattr(browser, method)(
            path, body or {}, content_type="application/json", headers=headers
        )

    return call


def test_a_calendar_is_made_and_read(send):
    made = send("post", PATH, BODY)

    read = send("get", made["Location"]).json()
    assert made.status_code == 201
    assert read["week"]["monday"] == ["09:00-13:00", "14:00-18:00"]
    assert read["week"]["saturday"] == ["22:00-06:00"]
    assert read["week"]["sunday"] == []
    assert (read["zone"], read["country"], read["special_days"]) == ("Europe/Sofia", "BG", [])


def test_a_patch_changes_what_it_names(send, calendar):
    answer = send("patch", f"{PATH}/{calendar.pk}", {"zone": "Europe/Kyiv"}, match=1)

    assert answer.status_code == 200
    assert answer.json()["zone"] == "Europe/Kyiv"
    assert answer.json()["week"]["monday"] == ["09:00-18:00"]
    assert answer.json()["special_days"] == [
        {"day": "2026-03-03", "name": "Liberation Day", "hours": [], "origin": "manual"}
    ]


def test_days_and_holidays_are_actions(send, calendar):
    one = f"{PATH}/{calendar.pk}"
    half = {"day": "2026-12-24", "name": "Half day", "hours": ["09:00-13:00"]}

    added = send("post", f"{one}/set-special-day", half, match=1)
    removed = send("post", f"{one}/remove-special-day", {"day": "2026-12-24"}, match=2)
    brought = send("post", f"{one}/import-holidays", {"country": "UA", "years": [2026]}, match=3)
    again = send("post", f"{one}/remove-special-day", {"day": "2026-12-24"}, match=4)

    assert added.json()["special_days"][1]["hours"] == ["09:00-13:00"]
    assert len(removed.json()["special_days"]) == 1
    assert (brought.status_code, brought.json()["silent_years"]) == (200, [2026])
    assert brought.json()["says"].startswith("Ukraine has no public days off by law in 2026")
    assert (again.status_code, again.json()["code"]) == (409, "no_such_day")


def test_changes_need_the_version_that_was_seen(send, calendar):
    one = f"{PATH}/{calendar.pk}"

    assert send("patch", one, {"name": "X"}).status_code == 428
    assert send("patch", one, {"name": "X"}, match=7).status_code == 412


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"week": {"monday": ["nine to five"]}}, "week.monday"),
        ({"week": {"someday": []}}, "week.someday"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"country": "Bulgaria"}, "country"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_input_names_its_field(send, change, field):
    answer = send("post", PATH, BODY | change)

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_calendar_that_never_opens_is_refused(send):
    answer = send("post", PATH, BODY | {"week": {}})

    assert (answer.status_code, answer.json()["code"]) == (409, "calendar_never_opens")


def test_reading_is_open_and_changing_forbidden_to_others(sign_in, agent, calendar):
    browser = sign_in(agent)

    assert browser.get(PATH).json()["results"][0]["name"] == "Main"
    answer = browser.post(PATH, BODY, content_type="application/json")
    assert answer.status_code == 403


def test_the_list_costs_the_same_for_one_and_three(
    send, calendar, django_assert_num_queries, django_assert_max_num_queries
):
    send("get", PATH)
    with django_assert_max_num_queries(8) as one:
        send("get", PATH)
    for _each in range(2):
        CalendarFactory()
    with django_assert_num_queries(len(one)):
        send("get", PATH)
