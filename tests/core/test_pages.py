from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from core.models import AuditEntry, IdempotencyKey, Team, User
from core.once import answer_once
from core.patience import with_patience
from tests.conftest import HTMX
from tests.factories import TeamFactory, UserFactory


@pytest.fixture
def visitor(admin, sign_in):
    return sign_in(admin)


@pytest.fixture
def team(db):
    return TeamFactory(name="North")


def edit(visitor, team, headers=None, **typed):
    url = reverse("core:edit_team", args=[team.pk])
    return visitor.post(url, {"name": "South", "version": team.version} | typed, headers=headers)


def test_a_link_gets_the_page_and_htmx_its_part(visitor):
    page = visitor.get(reverse("core:people"))
    part = visitor.get(reverse("core:people"), headers=HTMX)

    assert "<html" in page.text
    assert part.text.strip().startswith('<div id="people">')
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_links_and_the_back_button_get_the_page(visitor, header):
    answer = visitor.get(reverse("core:people"), headers=HTMX | {header: "true"})

    assert "<html" in answer.text


def test_success_leaves_the_page_for_browsers_and_htmx(visitor, team):
    plain = edit(visitor, team)
    team.refresh_from_db()
    swapped = edit(visitor, team, headers=HTMX, name="East")

    assert (plain.status_code, plain["Location"]) == (302, reverse("core:people"))
    assert (swapped.status_code, swapped["HX-Redirect"]) == (200, reverse("core:people"))
    assert [str(m) for m in visitor.get(reverse("core:people")).context["messages"]] == [
        "Saved.",
        "Saved.",
    ]


@pytest.mark.parametrize("headers", [None, HTMX])
def test_an_invalid_form_comes_back_as_422(visitor, team, headers):
    answer = edit(visitor, team, headers=headers, name="")

    assert answer.status_code == 422
    assert "This field is required." in answer.text
    assert ("<html" in answer.text) == (headers is None)


def test_a_refusal_comes_back_in_the_form_as_409(visitor, team):
    TeamFactory(name="Taken")

    answer = edit(visitor, team, name="Taken")

    assert answer.status_code == 409
    assert "There is a team of this name already." in answer.text


def test_a_stale_form_shows_both_versions_and_may_then_overwrite(visitor, team):
    Team.objects.filter(pk=team.pk).update(name="West", version=2)

    answer = edit(visitor, team)

    assert answer.status_code == 412
    assert "Somebody else changed this" in answer.text
    assert "Now it is: West" in answer.text
    assert 'value="South"' in answer.text
    team.refresh_from_db()
    assert team.name == "West"
    assert answer.context["form"].data["version"] == "2"
    assert edit(visitor, team, version=2).status_code == 302


def test_a_stale_form_names_choices_in_words(visitor):
    person = UserFactory(roles=["sa", "te"])
    User.objects.filter(pk=person.pk).update(version=2)
    typed = {"name": person.name, "email": person.email, "roles": ["am", "hk"], "version": 1}

    answer = visitor.post(reverse("core:edit_user", args=[person.pk]), typed)

    assert answer.status_code == 412
    assert "Now it is: Support agent, Technician" in answer.text
    assert answer.text.count(" checked") == 2


def test_a_form_without_right_is_403(sign_in, manager, team):
    assert edit(sign_in(manager), team).status_code == 403


def drawn_token(visitor):
    return visitor.get(reverse("core:create_team")).context["csrf_token"]


def test_a_double_click_makes_one_object_and_answers_twice_the_same(visitor):
    token = drawn_token(visitor)
    typed = {"name": "North", "csrfmiddlewaretoken": str(token)}

    answers = [visitor.post(reverse("core:create_team"), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Team.objects.count() == 1
    assert AuditEntry.objects.filter(verb="core.create_team").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_object(visitor):
    typed = {"name": "North", "csrfmiddlewaretoken": str(drawn_token(visitor))}
    start = Barrier(4)

    def click():
        client = Client()
        client.cookies = visitor.cookies
        start.wait()
        try:
            return client.post(reverse("core:create_team"), typed).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(click) for _number in range(4)]

    assert [answer.result() for answer in answers] == [302] * 4
    assert Team.objects.count() == 1


def test_the_same_content_from_a_form_drawn_anew_counts_again(visitor):
    for name in ("North", "South"):
        typed = {"name": name, "csrfmiddlewaretoken": str(drawn_token(visitor))}
        visitor.post(reverse("core:create_team"), typed)

    assert drawn_token(visitor) != drawn_token(visitor)
    assert Team.objects.count() == 2


def test_a_refused_wish_may_be_repeated(visitor):
    TeamFactory(name="North")
    typed = {"name": "North", "csrfmiddlewaretoken": str(drawn_token(visitor))}
    assert visitor.post(reverse("core:create_team"), typed).status_code == 409
    assert not IdempotencyKey.objects.exists()
    Team.objects.update(name="Old North")

    assert visitor.post(reverse("core:create_team"), typed).status_code == 302
    assert Team.objects.filter(name="North").exists()


def test_the_second_answer_is_the_first_ones_row(manager):
    request = RequestFactory().post("/x/", {"csrfmiddlewaretoken": "t", "name": "n"})
    first = answer_once(request, manager, TeamFactory)

    second = answer_once(request, manager, TeamFactory)

    assert second == first


def test_the_second_answer_to_work_without_a_row_is_true(manager):
    request = RequestFactory().post("/x/", {"csrfmiddlewaretoken": "t"})

    assert [answer_once(request, manager, lambda: 7) for _ in range(2)] == [7, True]


def test_another_file_is_another_wish(manager):
    made = [
        answer_once(
            RequestFactory().post(
                "/x/", {"csrfmiddlewaretoken": "t", "file": SimpleUploadedFile(name, b"x")}
            ),
            manager,
            TeamFactory,
        )
        for name in ("a.txt", "b.txt", "a.txt")
    ]

    assert made[0] == made[2] != made[1]


def test_htmx_form_is_guarded_by_csrf(admin):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(admin)

    plain = visitor.post(reverse("core:create_team"), {"name": "North"})
    swapped = visitor.post(reverse("core:create_team"), {"name": "North"}, headers=HTMX)

    assert plain.status_code == 403
    assert "This page has grown old" in plain.text
    assert swapped.status_code == 409
    assert swapped["HX-Reswap"] == "none"
    assert "kamerton:toast" in swapped["HX-Trigger"]


class Deadlock(Exception):
    pgcode = "40P01"


def failing(times, cause):
    left = [None] * times

    def work():
        if left:
            left.pop()
            raise OperationalError from cause
        return "done"

    return work


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_three_times():
    assert with_patience(failing(2, Deadlock())) == "done"
    with pytest.raises(OperationalError):
        with_patience(failing(3, Deadlock()))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_not_asked_again():
    with pytest.raises(OperationalError):
        with_patience(failing(1, Exception()))
