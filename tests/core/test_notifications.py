from datetime import timedelta

import pytest
from django.urls import reverse

from core.models import Notification
from core.nav import Place, add_place, first_page, navigation
from tests.conftest import HTMX
from tests.factories import NOON, AuditEntryFactory, NotificationFactory, UserFactory


@pytest.fixture
def visitor(manager, sign_in):
    return sign_in(manager)


def ring(person, **entry):
    return NotificationFactory(recipient=person, entry=AuditEntryFactory(**entry))


def test_the_bell_lists_what_happened_newest_first(visitor, manager, agent, now):
    ring(manager, actor=agent, verb="core.edit_user", label="P-1")
    ring(manager, actor=agent, verb="core.create_team", label="North")
    ring(agent, verb="core.create_team", label="Not mine")

    lines = visitor.get(reverse("notifications:index")).context["lines"]

    assert [line.title for line in lines] == ["Added the team North", "P-1: Changed a person"]
    assert {line.actor for line in lines} == {agent.name}
    assert all(line.is_unread for line in lines)


def test_the_system_has_a_name(visitor, manager):
    ring(manager, actor=None, target=manager)

    assert visitor.get(reverse("notifications:index")).context["lines"][0].actor == "Kamerton"


def test_a_long_list_is_cut_into_pages(visitor, manager):
    for _number in range(30):
        ring(manager)

    first = visitor.get(reverse("notifications:index")).context["page"]
    second = visitor.get(first.older_url).context["page"]
    back = visitor.get(second.newer_url, headers=HTMX)

    assert (len(first.rows), len(second.rows)) == (25, 5)
    assert (first.newer_url, second.older_url) == ("", "")
    assert back.context["page"].rows == first.rows


def test_a_made_up_cursor_is_a_404(visitor):
    assert visitor.get(reverse("notifications:index"), {"cursor": "made-up"}).status_code == 404


def test_opening_one_marks_it_and_leads_to_its_place(visitor, manager, clock):
    other = UserFactory()
    notification = ring(manager, target=other)

    answer = visitor.post(reverse("notifications:read", args=[notification.pk]))

    assert answer["Location"] == reverse("core:user", args=[other.pk])
    notification.refresh_from_db()
    assert notification.read_at == NOON
    clock.forward(hours=1)
    visitor.post(reverse("notifications:read", args=[notification.pk]))
    notification.refresh_from_db()
    assert notification.read_at == NOON


def test_nobody_reads_anothers_bell(visitor, agent):
    others = ring(agent)

    answer = visitor.post(reverse("notifications:read", args=[others.pk]))
    visitor.post(reverse("notifications:read_all"))

    assert answer.status_code == 404
    others.refresh_from_db()
    assert others.read_at is None


def test_everything_is_read_at_once(visitor, manager):
    ring(manager)
    ring(manager)

    answer = visitor.post(reverse("notifications:read_all"))

    assert answer["Location"] == reverse("notifications:index")
    assert not Notification.objects.unread().exists()


def test_reading_needs_a_post(visitor, manager):
    notification = ring(manager)

    assert visitor.get(reverse("notifications:read", args=[notification.pk])).status_code == 405
    assert visitor.get(reverse("notifications:read_all")).status_code == 405


def test_the_bells_number_costs_one_query(visitor, manager, query_count):
    empty = query_count(visitor, reverse("notifications:bell"))
    for _number in range(3):
        ring(manager)

    answer = visitor.get(reverse("notifications:bell"), headers=HTMX)

    session, person, count = 1, 1, 1
    assert query_count(visitor, reverse("notifications:bell")) == empty == session + person + count
    assert "3 unread notifications" in answer.text
    assert "<html" not in answer.text


def test_the_list_costs_the_same_for_one_and_three_rows(visitor, manager, query_count):
    ring(manager)
    one = query_count(visitor, reverse("notifications:index"))
    ring(manager)
    ring(manager)

    assert query_count(visitor, reverse("notifications:index")) == one <= 10


@pytest.mark.parametrize(
    ("age", "is_shown"), [(timedelta(seconds=60), False), (timedelta(seconds=61), True)]
)
def test_a_banner_tells_when_reminders_stand_still(visitor, now, age, is_shown, heartbeat):
    heartbeat("timers", now - age)

    page = visitor.get(reverse("notifications:index")).text

    assert ("banner-danger" in page) == is_shown


def test_everybody_sees_the_own_places(people):
    for role, person in people.items():
        urls = {item.url for item in navigation(person, "/people/new/")}
        assert (reverse("core:people") in urls) == (role == "ad"), role
        assert (reverse("core:absences") in urls) == (role in {"ad", "hk"}), role


def test_the_place_one_is_in_is_marked(admin):
    active = [item.url for item in navigation(admin, "/people/teams/new/") if item.is_active]

    assert active == [reverse("core:people")]


def test_home_is_the_first_place_of_the_person(admin, sign_in, monkeypatch):
    monkeypatch.setattr("core.nav._places", [])
    assert first_page(admin) == "core:profile"
    mine = {"label": "Mine", "icon": "sun", "shown_to": lambda user: True}
    add_place(Place(order=2, url_name="core:mail", **mine))
    add_place(Place(order=1, url_name="core:people", **mine))

    assert sign_in(admin).get("/")["Location"] == reverse("core:people")


def test_work_begins_somewhere_for_everybody(people, sign_in):
    for role, person in people.items():
        assert sign_in(person).get("/", follow=True).status_code == 200, role
