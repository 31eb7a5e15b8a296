import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from core.cache import absence
from core.models import AuditEntry, Heartbeat, OutgoingMail, User
from tests.factories import UserFactory

PASSWORD = "Tuning-Fork-440"


@pytest.fixture
def person(db):
    person = UserFactory(email="mira@kamerton.test", name="Mira")
    person.set_password(PASSWORD)
    person.save()
    return person


def log_in(client, login="mira@kamerton.test", password=PASSWORD, **headers):
    typed = {"login": login, "password": password}
    return client.post(reverse("account_login"), typed, headers=headers)


def is_signed_in(client):
    return SESSION_KEY in client.session


def test_a_person_signs_in_with_the_e_mail_in_any_case(client, person):
    answer = log_in(client, login="Mira@Kamerton.TEST")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session[SESSION_KEY] == str(person.pk)


def test_sign_in_gives_a_new_session(client, person):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key

    log_in(client)

    assert is_signed_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize("login", ["mira@kamerton.test", "nobody@kamerton.test"])
def test_a_wrong_password_and_an_unknown_person_answer_the_same(client, person, login):
    answer = log_in(client, login=login, password="wrong")

    assert not is_signed_in(client)
    assert "The email address and/or password you specified are not correct." in answer.text


def test_who_has_left_cannot_sign_in(client, person):
    User.objects.update(is_active=False)

    answer = log_in(client)

    assert not is_signed_in(client)
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_inactive"))


def test_guessing_is_throttled_even_with_a_forged_address(person):
    answers = [
        log_in(Client(), password="wrong", **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(7)
    ]

    assert "Too many failed login attempts" in answers[-1].text
    right = Client()
    log_in(right)
    assert not is_signed_in(right)


def test_too_many_tries_from_one_address_are_a_429(person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}

    answers = [log_in(Client(), password="wrong") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1]["Retry-After"] == "60"
    assert "<h1>" in answers[1].text


def test_sign_in_works_while_redis_is_dead(client, person, settings):
    dead = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": dead}}
    absence.retry_at = 0.0

    log_in(client, password="wrong")
    log_in(client)

    assert is_signed_in(client)
    absence.retry_at = 0.0


def test_nobody_signs_up(client, db):
    typed = {"email": "new@kamerton.test", "password1": PASSWORD, "password2": PASSWORD}

    answer = client.post(reverse("account_signup"), typed)

    assert not User.objects.exists()
    assert not is_signed_in(client)
    assert answer.status_code == 200


def test_changing_the_password_ends_every_session_and_is_recorded(person):
    here, there = Client(), Client()
    log_in(here)
    log_in(there)
    assert UserSession.objects.filter(user=person).count() == 2
    new = "Another-Fork-442"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    here.post(reverse("account_change_password"), typed)

    assert there.get(reverse("core:profile")).status_code == 302
    assert here.get(reverse("core:profile")).status_code == 302
    assert not UserSession.objects.exists()
    entry = AuditEntry.objects.get(verb="core.change_password")
    assert (entry.actor, entry.changes) == (person, {"password": ["•••", "•••"]})
    log_in(here, password=new)
    assert is_signed_in(here)


def test_a_forgotten_password_is_reset_by_a_mail_from_the_outbox(client, person, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": person.email})

    mail = OutgoingMail.objects.get()
    assert mail.to == person.email
    assert mailoutbox == []
    link = re.search(r"https?://\S+?(/auth/password/\S+)", mail.body)[1]
    form = client.get(link, follow=True)
    new = "Another-Fork-442"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    log_in(client, password=new)
    assert is_signed_in(client)


def test_signing_out_everywhere_else_keeps_this_session(person):
    here, there = Client(), Client()
    log_in(here)
    log_in(there)

    here.post(reverse("usersessions_list"))

    assert here.get(reverse("core:profile")).status_code == 200
    assert there.get(reverse("core:profile")).status_code == 302


def test_the_demo_people_are_shown_only_in_the_demo(client, person, now):
    assert "mira@kamerton.test" not in client.get(reverse("account_login")).text
    Heartbeat.objects.create(name="demo", at=now)

    page = client.get(reverse("account_login")).text

    assert "mira@kamerton.test" in page
    assert "kamerton-demo" in page


def test_the_administration_uses_the_same_door(client, db):
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_e_mail_addresses_are_not_changed_here(person, client):
    log_in(client)

    assert client.get("/auth/email/").status_code == 404
