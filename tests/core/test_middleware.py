import io
import json
import logging
from urllib.parse import quote

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.models import User
from tests.conftest import HTMX
from tests.factories import TeamFactory, UserFactory

PROBLEM = "application/problem+json"
POLL = HTMX | {"Kamerton-Poll": "1"}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/%00", {}),
        ("/people/?q=%00", {}),
        ("/people/?%00=1", {}),
        ("/people/?q=" + "a" * 5000, {}),
        ("/" + "a" * 3000, {}),
        ("/people/", {"cookie": r'sessionid="abcdefgh\000"'}),
    ],
)
def test_what_nobody_can_type_is_refused_at_the_door(client, path, headers):
    page = client.get(path, headers=headers)
    problem = client.get("/api/v1" + path, headers=headers)

    assert page.status_code == problem.status_code == 400
    assert "<h1>" in page.text
    assert problem["Content-Type"] == PROBLEM
    assert problem.json()["code"] == "bad_request"
    assert page["Content-Security-Policy"] == problem["Content-Security-Policy"]


@pytest.mark.parametrize("typed", [{"name": "a\0b"}, {"a\0b": "name"}])
def test_unstorable_form_values_are_refused_at_the_door(admin, sign_in, typed):
    assert sign_in(admin).post(reverse("core:create_team"), typed).status_code == 400


def test_half_a_sign_never_reaches_the_database(admin, sign_in):
    """A lone surrogate in UTF-8 becomes a replacement sign before the guard looks."""
    body = b"name=%ED%A0%80"
    form = "application/x-www-form-urlencoded"

    answer = sign_in(admin).post(reverse("core:create_team"), body, content_type=form)

    assert answer.status_code in {302, 400}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/auth/login/", "/nowhere/", "/healthz", "/api/v1/me", "/%00"])
def test_every_answer_carries_the_security_headers(client, path):
    answer = client.get(path)

    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]


def test_pages_of_a_signed_in_person_are_not_stored(manager, sign_in):
    assert sign_in(manager).get(reverse("core:profile"))["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "en"), ("ru", "ru"), ("uk", "uk"), ("bg", "bg")],
)
def test_pages_speak_the_language_of_the_person(sign_in, db, language, words):
    visitor = sign_in(UserFactory(language=language))

    answer = visitor.get(reverse("core:profile"), headers={"Accept-Language": "en"})

    assert answer["Content-Language"] == words
    assert f'<html lang="{words}"' in answer.text


def test_times_are_in_the_zone_of_the_person_and_do_not_leak(sign_in, client, db):
    sign_in(UserFactory(time_zone="Asia/Kathmandu")).get(reverse("core:profile"))
    assert timezone.get_current_timezone_name() == "Asia/Kathmandu"

    client.get("/auth/login/")

    assert timezone.get_current_timezone_name() == "Europe/Sofia"
    translation.activate("en")


@pytest.fixture
def visitor(manager, sign_in, clock):
    visitor = sign_in(manager)
    visitor.get(reverse("core:profile"))
    return visitor


def is_signed_in(visitor, headers=None):
    return visitor.get(reverse("core:profile"), headers=headers).status_code == 200


def test_an_idle_session_ends(visitor, clock, settings):
    clock.forward(seconds=settings.SESSION_IDLE_SECONDS)
    assert is_signed_in(visitor)

    clock.forward(seconds=settings.SESSION_IDLE_SECONDS + 1)
    assert not is_signed_in(visitor)
    assert SESSION_KEY not in visitor.session


def test_polling_is_no_sign_of_life(visitor, clock, settings):
    half = settings.SESSION_IDLE_SECONDS / 2
    clock.forward(seconds=half)
    assert is_signed_in(visitor, headers=POLL)

    clock.forward(seconds=half + 1)
    assert not is_signed_in(visitor)


def test_every_session_ends_after_twelve_hours(visitor, clock):
    for _hour in range(12):
        clock.forward(hours=1)
        assert is_signed_in(visitor)

    clock.forward(minutes=1)
    assert not is_signed_in(visitor)


def test_reading_on_within_a_minute_writes_nothing(visitor, clock, django_assert_max_num_queries):
    before = Session.objects.get().session_data
    clock.forward(seconds=59)
    assert is_signed_in(visitor)
    assert Session.objects.get().session_data == before

    clock.forward(seconds=1)
    assert is_signed_in(visitor)
    assert Session.objects.get().session_data != before


def test_a_signed_out_browser_is_sent_to_the_sign_in_page(client, db):
    answer = client.get("/people/?cursor=x")

    assert (answer.status_code, answer["Location"]) == (
        302,
        "/auth/login/?next=" + quote("/people/?cursor=x", safe="/"),
    )


def test_signed_out_htmx_leaves_for_the_sign_in_page(client, db):
    seen = {"HX-Current-URL": "https://testserver/complaints/?state=new"}

    answer = client.get("/notifications/", headers=HTMX | seen)

    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/auth/login/?next=%2Fcomplaints%2F"


def test_signed_out_htmx_keeps_what_was_typed(client, db):
    posted = client.post("/notifications/read-all/", headers=HTMX)
    polled = client.get("/notifications/bell/", headers=POLL)

    assert (posted.status_code, polled.status_code) == (401, 401)
    assert "HX-Redirect" not in posted.headers


def refuse(visitor, headers=None):
    """Close the access of the only administrator."""
    only = User.objects.get(email="ad@kamerton.test")
    return visitor.post(reverse("core:deactivate_user", args=[only.pk]), headers=headers)


def test_a_refusal_outside_a_form_is_a_page_that_says_why(admin, sign_in):
    answer = refuse(sign_in(admin))

    assert answer.status_code == 409
    assert "This is the only administrator." in answer.text
    assert User.objects.get(pk=admin.pk).is_active


def test_a_refusal_for_htmx_is_a_short_message_and_swaps_nothing(admin, sign_in):
    answer = refuse(sign_in(admin), headers=HTMX)

    assert (answer.status_code, answer["HX-Reswap"], answer.text) == (409, "none", "")
    assert "This is the only administrator." in answer["HX-Trigger"]


def test_forbidden_and_missing_pages_have_our_look_and_tell_nothing(manager, sign_in):
    visitor = sign_in(manager)
    team = TeamFactory()

    forbidden = visitor.get(reverse("core:edit_team", args=[team.pk]))
    missing = visitor.get("/people/00000000-0000-7000-8000-000000000000/nothing/")

    assert (forbidden.status_code, missing.status_code) == (403, 404)
    assert "<h1>" in forbidden.text
    assert "<h1>" in missing.text
    assert team.name not in forbidden.text


@pytest.fixture
def broken_database(transactional_db, monkeypatch):
    """Let the database refuse every connection, as while it is restarted."""
    with monkeypatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "PORT", "1")
        yield
        connection.close()


def test_without_the_database_every_page_says_when_to_come_back(broken_database):
    visitor = Client(raise_request_exception=False)
    visitor.cookies["sessionid"] = "a" * 32

    page, problem = visitor.get("/people/"), visitor.get("/api/v1/me")

    assert page.status_code == problem.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert int(problem["Retry-After"]) > 0
    assert "Back in a moment" in page.text
    assert problem["Content-Type"] == PROBLEM
    assert problem.json()["code"] == "unavailable"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


@pytest.mark.django_db
def test_our_own_faults_are_a_500_that_shows_nothing(monkeypatch, manager, sign_in):
    def break_down(user):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("core.views.profile.tokens_of", break_down)
    answer = sign_in(manager, raise_request_exception=False).get(reverse("core:profile"))

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Something broke on our side" in answer.text


@pytest.fixture
def printed(caplog):
    """Return what the server prints, line by line."""
    caplog.set_level(logging.INFO)
    (stderr,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    stream = io.StringIO()
    usual = stderr.setStream(stream)
    yield stream
    stderr.setStream(usual)


def test_logs_name_the_request_and_no_person(printed, admin, sign_in):
    visitor = sign_in(admin, raise_request_exception=False)
    typed = {"name": "Ivan Kobzar", "email": "ivan@secret.test", "roles": ["am"], "language": "en"}

    visitor.post(reverse("core:create_user") + "?q=Kobzar", typed)
    visitor.post(reverse("core:create_user"), typed | {"name": ""})
    visitor.get("/nowhere/?email=ivan@secret.test")

    lines = printed.getvalue().splitlines()
    assert [line for line in lines if "Kobzar" in line or "ivan@" in line] == []
    finished = [json.loads(line) for line in lines if "request_finished" in line]
    assert [line["request"] for line in finished] == [
        "POST /people/new/",
        "POST /people/new/",
        "GET /nowhere/",
    ]
    assert len({line["request_id"] for line in finished}) == 3


def test_a_failing_request_is_logged_without_what_was_typed(printed, monkeypatch, admin, sign_in):
    def break_down(*, email, **given):
        raise ZeroDivisionError

    monkeypatch.setattr("core.views.people.users.create_user", break_down)
    visitor = sign_in(admin, raise_request_exception=False)
    typed = {"name": "Ivan Kobzar", "email": "ivan@secret.test", "roles": ["am"], "language": "en"}

    assert visitor.post(reverse("core:create_user"), typed).status_code == 500

    lines = printed.getvalue().splitlines()
    assert any("ZeroDivisionError" in line for line in lines)
    assert [line for line in lines if "Kobzar" in line or "ivan@" in line] == []
