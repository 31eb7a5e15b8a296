from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from core.models import Notification, Team
from core.rest.pages import CursorPages
from tests.factories import NOON, AuditEntryFactory, NotificationFactory, TeamFactory, UserFactory

BY_READING = {"reading": ("read_at", "id"), "mixed": ("-read_at", "created_at", "id")}
VIEW = SimpleNamespace(ordering=("-id",), orderings=BY_READING)


def page(rows, url):
    """Return the ids of the page and the links to its neighbours."""
    pages = CursorPages()
    found = pages.paginate_queryset(rows, Request(APIRequestFactory().get(url)), VIEW)
    return [row.pk for row in found], pages.next, pages.previous


def walk(rows, url):
    """Return the ids of all pages onwards, and of all pages back again."""
    onwards, back, last = [], [], url
    while url:
        last = url
        ids, url, _previous = page(rows, url)
        onwards += ids
    _ids, _next, url = page(rows, last)
    while url:
        ids, _next, url = page(rows, url)
        back = ids + back
    return onwards, back


@pytest.mark.django_db(transaction=False)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    read=st.lists(st.one_of(st.none(), st.integers(0, 2)), max_size=12),
    limit=st.integers(1, 5),
    ordering=st.sampled_from(["reading", "-reading", "mixed", "-mixed"]),
)
def test_pages_hold_every_row_once_in_order_both_ways(read, limit, ordering):
    reader = UserFactory()
    for hours in read:
        NotificationFactory(
            recipient=reader,
            read_at=None if hours is None else NOON + timedelta(hours=hours),
            entry=AuditEntryFactory(actor=reader),
        )
    rows = Notification.objects.filter(recipient=reader)
    columns = BY_READING[ordering.removeprefix("-")]
    in_order = (
        rows.order_by(*columns) if ordering in BY_READING else rows.order_by(*columns).reverse()
    )
    expected = list(in_order.values_list("pk", flat=True))

    onwards, back = walk(rows, f"/?limit={limit}&ordering={ordering}")

    assert onwards == expected
    assert back == expected[: len(back)]
    assert len(back) >= len(expected) - limit
    Notification.objects.filter(recipient=reader).delete()


def test_a_row_that_comes_or_goes_moves_no_other(api, owner):
    teams = [TeamFactory(name=name, members=[owner]) for name in "BDF"]
    first = api.get("teams?ordering=name&limit=2").json()
    TeamFactory(name="A", members=[owner])
    teams[1].delete()

    second = api.client.get(first["next"], headers=api.headers).json()

    assert [row["name"] for row in first["results"]] == ["B", "D"]
    assert [row["name"] for row in second["results"]] == ["F"]


def test_an_annotation_can_be_the_order(db):
    for name in "CAB":
        TeamFactory(name=name)
    rows = Team.objects.annotate(title=F("name"))
    view = SimpleNamespace(ordering=("-title", "id"), orderings={})
    pages = CursorPages()

    first = pages.paginate_queryset(rows, Request(APIRequestFactory().get("/?limit=1")), view)
    second = CursorPages().paginate_queryset(
        rows, Request(APIRequestFactory().get(pages.next)), view
    )

    assert [row.name for row in (*first, *second)] == ["C", "B"]


def test_the_first_page_has_no_way_back_and_the_last_none_onwards(api, owner, team):
    body = api.get("teams").json()

    assert (body["next"], body["previous"]) == (None, None)
    assert list(body) == ["next", "previous", "results"]


def test_links_keep_the_filters(api, owner):
    for number in range(3):
        TeamFactory(name=f"Team x{number}", members=[owner])

    link = api.get("teams?limit=1&q=x&ordering=-name").json()["next"]

    assert parse_qs(urlsplit(link).query).keys() == {"limit", "q", "ordering", "cursor"}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "1e2", "99999999999", "²", "1.0"])
def test_a_bad_limit_says_what_is_possible(api, limit):
    response = api.get(f"teams?limit={limit}")

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == "limit"
    assert "200" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("ordering", ["", "id", "members", "name,id", "-", "--name", "pk", "?"])
def test_only_declared_orders_are_possible(api, ordering):
    response = api.get("teams", QUERY_STRING=f"ordering={ordering}")
    response = api.get(f"teams?ordering={ordering}")

    assert response.status_code == 400
    assert "age, name" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "....", "a:b", "%00", "%F0%9F%98%80", "A" * 3000, "eyJhIjoxfQ:x"]
)
def test_a_hostile_cursor_is_refused(api, cursor):
    assert api.get(f"teams?cursor={cursor}").status_code == 400


def test_a_cursor_of_another_list_or_order_is_refused(api, owner):
    for _row in range(2):
        TeamFactory(members=[owner])
    link = api.get("teams?limit=1").json()["next"]
    cursor = parse_qs(urlsplit(link).query)["cursor"][0]

    assert api.get(f"teams?cursor={cursor}").status_code == 200
    assert api.get(f"teams?ordering=name&cursor={cursor}").status_code == 400
    assert api.get(f"notifications?cursor={cursor}").status_code == 400


def test_a_cursor_from_before_a_change_of_the_column_is_refused(api):
    signer = Signer(salt=f"{Team._meta.label}{('-id',)}")

    cursor = signer.sign_object((["not a uuid"], False))

    assert api.get(f"teams?cursor={cursor}").status_code == 400
