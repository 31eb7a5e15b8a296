"""Who comes in by a client's link, and everybody who tries to."""

import json
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.management.utils import get_random_secret_key
from django.db import connection
from django.test import Client

from complaints import services
from complaints.links import address_for, find_link
from complaints.models import ClientLink
from complaints.services.client_link import ClientKnowsNothing
from complaints.views import street
from core.middleware import RequestLog
from core.models import AuditEntry, OutgoingMail
from core.operations import SYSTEM
from tests.complaints.client import WAY, Visitor, letters_to, way_in, words_of
from tests.factories import ContactFactory

NOBODYS = "/c/" + "A" * 43 + "/"


@pytest.fixture
def path(complaint):
    return way_in(complaint)


@pytest.fixture
def visitor(path):
    return Visitor(path)


@pytest.fixture
def link(complaint):
    return ClientLink.objects.get()


def token_of(path):
    return path.split("/")[2]


# The wall


def expire(link, clock):
    complaint = link.complaint
    complaint.state, complaint.resolution, complaint.resolution_type = "closed", "Done.", "fixed"
    complaint.resolved_at = complaint.closed_at = clock.at
    complaint.is_confirmed = True
    complaint.save()
    clock.forward(days=90, seconds=1)


def revoke(link, clock):
    ClientLink.objects.update(revoked_at=clock.at)


def leave(link, clock):
    link.contact.state = "left"
    link.contact.save()


def wall(path, **headers):
    response = Client().get(path, **headers)
    assert response.status_code == 404
    return response.content


@pytest.mark.parametrize("lose", [expire, revoke, leave])
def test_unknown_expired_and_withdrawn_look_the_same(client, path, link, lose, clock):
    assert client.get(path).status_code == 200

    lose(link, clock)

    assert wall(path) == wall(NOBODYS) == wall(f"{path}comment/") == wall(f"{NOBODYS}comment/")


def test_the_wall_speaks_the_language_of_the_browser(db):
    assert '<html lang="ru"' in wall(NOBODYS, HTTP_ACCEPT_LANGUAGE="ru,en;q=0.5").decode()
    assert '<html lang="uk"' in wall(NOBODYS + "?lang=uk").decode()


def test_a_link_opens_as_long_as_the_complaint_is_open(visitor, clock):
    clock.forward(days=400)

    assert visitor.read()


def test_a_link_opens_for_ninety_days_after_the_end(visitor, link, clock):
    expire(link, clock)
    clock.forward(seconds=-2)

    assert visitor.read()


def test_a_link_of_a_stranger_ends_when_the_complaint_has_a_contact(complaint, contact, link, now):
    ClientLink.objects.update(contact=None)
    complaint.contact = None
    complaint.save()
    token = token_of(address_for(complaint, now).removeprefix("http://127.0.0.1:8000"))
    assert find_link(token, now)

    complaint.contact = contact
    complaint.save()

    assert find_link(token, now) is None


HOSTILE = [
    "x", "A" * 42, "A" * 44, "A" * 2000, "%00" * 43, "%F0%9F%92%A9" * 11, "..%2f" * 9, "'" * 43,
    "{{7*7}}" + "A" * 36, "%0d%0aSet-Cookie:%20a=b" + "A" * 20, "\u202e" * 43,
]  # fmt: skip


@pytest.mark.parametrize("token", HOSTILE)
@pytest.mark.parametrize("rest", ["", "comment/", "files/00000000-0000-7000-8000-000000000000/"])
@pytest.mark.django_db
def test_hostile_tokens_meet_the_wall(client, token, rest):
    for method in ("get", "post", "put"):
        response = getattr(client, method)(f"/c/{token}/{rest}")
        assert response.status_code in {400, 404, 405}
        assert "Set-Cookie" not in response.headers


@pytest.mark.django_db
def test_no_neighbour_of_a_link_opens_anything(path, client):
    token = token_of(path)
    near = [token[:-1] + sign for sign in "ABCD" if sign != token[-1]]
    near += [token.lower(), token.swapcase(), token[::-1], token + "=", "%20" + token]

    assert {client.get(f"/c/{each}/").status_code for each in near} == {404}


def test_the_table_does_not_hold_the_secret(path, link):
    token = token_of(path)

    assert link.token_hash == sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM complaints_clientlink l")
        assert token not in cursor.fetchone()[0]


def test_links_survive_a_new_key_as_long_as_the_old_one_is_known(complaint, path, settings, now):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = get_random_secret_key()

    assert address_for(complaint, now).endswith(path)


def test_a_forgotten_key_costs_a_new_link(complaint, path, client, settings, now):
    settings.SECRET_KEY = get_random_secret_key()

    fresh = address_for(complaint, now)

    assert not fresh.endswith(path)
    assert client.get(path).status_code == 404
    assert client.get(fresh.removeprefix("http://127.0.0.1:8000")).status_code == 200


# Attacks on the page


def test_the_page_is_private_and_runs_no_script(visitor):
    response = visitor.browser.get(visitor.path)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert b"<script" not in response.content
    assert set(response.cookies) == {"csrftoken"}


HOSTILE_WORDS = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> </textarea></div>"
    '<button hx-post="/complaints/" hx-trigger="load">x</button> {{ 7|add:7 }} {% debug %} \u202e'
)


def test_words_are_shown_as_words(complaint, visitor):
    visitor.send("comment", body=HOSTILE_WORDS)
    complaint.client_words = complaint.title = HOSTILE_WORDS[:90]
    complaint.save()

    html = visitor.read()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<button hx-post" not in html
    assert "14" not in words_of(html).split()
    assert html.count("&lt;script&gt;alert(1)") >= 3


def test_what_people_wrote_stands_where_htmx_does_not_look(visitor, in_progress):
    html = visitor.read()

    assert re.search(r'<div class="prose"[^>]*hx-disable[^>]*>We are on our way\.', html)


def test_a_form_from_elsewhere_is_refused(path, complaint):
    attacker = Visitor(path, enforce_csrf_checks=True)

    assert attacker.send("comment", body="I am him.").status_code == 403
    assert not complaint.messages.filter(kind="client").exists()


def test_the_forms_work_without_a_session(path, complaint):
    visitor = Visitor(path, enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.read())[1]

    sent = visitor.send("comment", body="It is me.", csrfmiddlewaretoken=token)

    assert sent.status_code == 302
    assert complaint.messages.filter(body="It is me.").exists()


def test_looking_never_does_anything(visitor, complaint):
    before = AuditEntry.objects.count()

    for step in ("comment", "confirm-fixed", "rate", "attach"):
        answer = visitor.browser.get(f"{visitor.path}{step}/?body=x&csat=5&lang=ru")
        assert answer.headers["Location"] == f"{visitor.path}?lang=ru"

    assert AuditEntry.objects.count() == before


def test_headers_of_a_proxy_that_is_not_ours_change_nothing(visitor):
    response = visitor.browser.get(
        visitor.path, HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_FOR="1.2.3.4",
        HTTP_X_ORIGINAL_URL="/admin/", HTTP_HX_REQUEST="true",
    )  # fmt: skip

    assert response.status_code == 200
    assert b"evil.example" not in response.content
    assert b"<html" in response.content


@pytest.mark.parametrize("lang", ["//evil.example", "https://evil.example", "en\r\nX: y", "xx", ""])
def test_the_language_switch_leads_nowhere_else(visitor, lang):
    sent = visitor.browser.post(
        f"{visitor.path}comment/", {"body": "x"}, query_params={"lang": lang}
    )

    assert sent.headers["Location"] == f"{visitor.path}?done=comment"


@pytest.mark.parametrize("done", ["<script>", "no_such_step", "__class__"])
def test_only_our_own_sentences_are_said(visitor, done):
    html = visitor.browser.get(visitor.path, {"done": done}).content.decode()

    assert done not in html
    assert 'role="status"' not in html


def test_bodies_that_are_too_large_stay_outside(visitor, complaint):
    huge = visitor.browser.generic(
        "POST", f"{visitor.path}attach/", b"x", CONTENT_LENGTH=str(10**10),
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    long = visitor.send("comment", body="x" * 5_001)
    fields = visitor.browser.post(f"{visitor.path}comment/", {f"f{n}": "x" for n in range(600)})

    assert (huge.status_code, long.status_code, fields.status_code) == (400, 422, 400)
    assert not complaint.messages.filter(kind="client").exists()


def test_what_cannot_be_stored_stays_outside(visitor):
    assert visitor.send("comment", body="a\x00b").status_code == 400


def test_too_many_requests_with_one_link_are_slowed_down(visitor, monkeypatch):
    monkeypatch.setattr(street, "MOST_BY_LINK", 3)
    codes = [visitor.browser.get(visitor.path).status_code for _ in range(5)]

    assert codes == [200, 200, 200, 429, 429]
    slow = visitor.browser.get(visitor.path)
    assert slow.headers["Retry-After"] == "60"
    assert slow.headers["Cache-Control"] == "no-store"


def test_sending_is_slowed_down_sooner(visitor, complaint, monkeypatch):
    monkeypatch.setattr(street, "MOST_SENT", 2)
    codes = [visitor.send("comment", body=f"Word {n}.").status_code for n in range(4)]

    assert codes == [302, 302, 429, 429]
    assert complaint.messages.filter(kind="client").count() == 2


@pytest.mark.django_db
def test_guessing_is_slowed_down_by_address_behind_our_proxies(monkeypatch, settings):
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr(street, "MOST_FROM_ADDRESS", 3)

    def guess(number, origin):
        told = {"HTTP_X_FORWARDED_FOR": f"9.9.9.{number}, {origin}"}
        return Client().get(f"/c/{number:043d}/", **told).status_code

    neighbours = [f"2001:db8:0:1::{number}" for number in range(5)]
    assert [guess(number, each) for number, each in enumerate(neighbours)] == [404] * 3 + [429] * 2
    assert guess(9, "2001:db8:0:2::1") == 404


def test_the_log_does_not_hold_the_secret(rf, path):
    line = RequestLog.format_request(rf.get(f"{path}comment/?lang=en"))

    assert line == "GET /c/…/comment/"


def test_the_log_keeps_ids(rf, complaint):
    assert str(complaint.pk) in RequestLog.format_request(rf.get(f"/complaints/{complaint.pk}/"))


# Staff


@pytest.fixture(params=["pages", "rest"])
def act(request, sign_in, rest, agent, complaint):
    """Return a function by which support does something with the link, on a page or over REST."""

    def on_page(verb, **told):
        complaint.refresh_from_db()
        address = f"/complaints/{complaint.pk}/{verb.replace('_', '-')}/"
        return sign_in(agent).post(address, told | {"version": complaint.version})

    def over_rest(verb, **told):
        complaint.refresh_from_db()
        address = f"/api/v1/complaints/{complaint.pk}/{verb.replace('_', '-')}"
        return rest(agent).post(address, told, headers={"If-Match": f'"{complaint.version}"'})

    return on_page if request.param == "pages" else over_rest


def test_a_new_link_goes_to_the_contact_and_the_old_one_ends(act, complaint, path, client):
    answer = act("renew_client_link")

    assert answer.status_code in {200, 302}
    fresh = way_in(complaint)
    assert fresh != path
    assert (client.get(path).status_code, client.get(fresh).status_code) == (404, 200)
    assert letters_to(complaint.contact).last().body.startswith("Изпращаме ви нова връзка")


def test_a_withdrawn_link_opens_nothing_until_the_next_letter(act, complaint, agent, path, client):
    answer = act("revoke_client_link", reason="The letter was forwarded.")

    assert answer.status_code in {200, 302}
    assert client.get(path).status_code == 404
    assert ClientLink.objects.get().revoked_by == agent
    entry = AuditEntry.objects.get(verb="complaints.revoke_client_link")
    assert (entry.reason, entry.details) == ("The letter was forwarded.", {"withdrawn": 1})

    services.reply(actor=agent, complaint=complaint, body="Hello.", now=entry.at)
    assert client.get(way_in(complaint)).status_code == 200


def test_there_must_be_a_link_to_withdraw(act, complaint):
    ClientLink.objects.all().delete()

    assert act("revoke_client_link", reason="Lost.").status_code == 409


def test_a_link_needs_an_address(act, complaint, contact):
    contact.emails = []
    contact.save()
    before = OutgoingMail.objects.count()

    assert act("renew_client_link").status_code == 409
    assert OutgoingMail.objects.count() == before


def test_what_we_found_ourselves_is_not_given_away_by_a_link(log, agent, now):
    found = log(channel="self_reported")
    OutgoingMail.objects.all().delete()

    with pytest.raises(ClientKnowsNothing):
        services.renew_client_link(actor=agent, complaint=found, now=now)

    assert not OutgoingMail.objects.exists()


def test_only_who_works_on_it_may_send_or_withdraw(complaint, stranger, sign_in, now):
    for verb in ("renew-client-link", "revoke-client-link"):
        address = f"/complaints/{complaint.pk}/{verb}/"
        assert sign_in(stranger).post(address, {"version": 1, "reason": "x"}).status_code == 403


def test_colleagues_see_that_there_is_a_link_and_never_the_secret(
    complaint, agent, rest, sign_in, path, client
):
    client.get(path)
    secret = token_of(path)

    listed = rest(agent).get(f"/api/v1/complaints/{complaint.pk}/client-links").json()
    case = sign_in(agent).get(f"/complaints/{complaint.pk}/").content.decode()
    history = rest(agent).get("/api/v1/audit").content.decode()

    [only] = listed["results"]
    assert set(only) == {"id", "contact", "created_at", "valid_until", "revoked_at", "opened_at"}
    assert only["opened_at"]
    assert secret not in json.dumps(listed) + case + history
    assert ClientLink.objects.get().token_hash not in json.dumps(listed) + case + history


def test_programs_are_not_told_of_links(complaint, program):
    address = f"/api/v1/complaints/{complaint.pk}/client-links"

    assert program.get(address).json()["results"] == []
    answer = program.post(
        f"/api/v1/complaints/{complaint.pk}/renew-client-link", headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 403


def test_two_contacts_have_two_links(complaint, account, path, now):
    complaint.contact = ContactFactory(account=account)
    complaint.save()

    assert not address_for(complaint, now).endswith(path)
    assert ClientLink.objects.filter(revoked_at=None).count() == 2


def test_a_letter_gives_the_link_its_ninety_days_again(complaint, link, now):
    later = now + timedelta(days=30)

    address_for(complaint, later)

    link.refresh_from_db()
    assert link.expires_at == later + timedelta(days=90)


def test_the_case_leads_to_what_is_known_of_the_link(complaint, agent, sign_in, client, path):
    client.get(path)
    browser = sign_in(agent)
    address = f"/complaints/{complaint.pk}/client-links/"

    assert address in browser.get(f"/complaints/{complaint.pk}/").content.decode()
    listed = browser.get(address).content.decode()
    assert complaint.contact.name in listed
    assert "Opens the page" in listed
    assert token_of(path) not in listed
    assert f"/complaints/{complaint.pk}/renew-client-link/" in listed


def test_the_list_of_links_costs_the_same_for_one_and_for_three(
    complaint, account, agent, sign_in, query_count, now
):
    browser, address = sign_in(agent), f"/complaints/{complaint.pk}/client-links/"
    one = query_count(browser, address)
    for _number in range(2):
        complaint.contact = ContactFactory(account=account)
        complaint.save()
        address_for(complaint, now)

    assert query_count(browser, address) == one


def test_an_answer_with_our_letter_below_gives_the_link_to_nobody(complaint, log, contact, now):
    quoted = f"> {letters_to(contact).last().body}"

    services.comment(actor=SYSTEM, complaint=complaint, body=quoted, channel="email", now=now)
    again = log(client_words=f"It came back.\n{quoted}")

    said = complaint.messages.filter(kind="client").last().body
    for text in (said, again.client_words):
        assert "/c/…/" in text
        assert not WAY.search(text)
