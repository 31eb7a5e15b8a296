from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Account, ClientLimit, Promise
from tests.factories import AccountFactory, ContactFactory, DeputyshipFactory, UserFactory

API = "/api/v1"
ACCOUNTS, CONTACTS = f"{API}/accounts", f"{API}/contacts"
TOUCHES, PROMISES = f"{API}/interactions", f"{API}/promises"


@pytest.fixture
def client(rest, manager):
    return rest(manager)


def found(response, name="name"):
    return [row[name] for row in response.json()["results"]]


def at(row):
    return {"If-Match": f'"{row.version}"'}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Borea Retail Group", "Kobza Media"]),
        ("?q=кобза", ["Kobza Media"]),
        ("?stage=lead", ["Kobza Media"]),
        ("?tier=key&tier=small", ["Borea Retail Group", "Kobza Media"]),
        ("?mine=true", ["Borea Retail Group"]),
        ("?mine=false", ["Kobza Media"]),
        ("?country=BG", ["Kobza Media"]),
        ("?ordering=-name", ["Kobza Media", "Borea Retail Group"]),
    ],
)
def test_accounts_are_listed_filtered_and_ordered(client, account, query, names):
    AccountFactory(name="Kobza Media", stage="lead", country="BG", tier="key")

    assert found(client.get(ACCOUNTS + query)) == names


def test_accounts_are_filtered_by_owner_and_parent(client, account, child, stranger):
    assert found(client.get(f"{ACCOUNTS}?owner={stranger.pk}")) == [child.name]
    assert found(client.get(f"{ACCOUNTS}?parent={account.pk}")) == [child.name]


@pytest.mark.parametrize("query", ["?stage=nonsense", "?colour=red", "?ordering=colour"])
def test_wrong_parameters_are_named(client, account, query):
    problem = client.get(ACCOUNTS + query)

    assert problem.status_code == 400
    assert problem.json()["errors"][0]["field"] in query


def test_account_is_created_read_and_changed(client, manager, account):
    body = {"name": "Lipa Bakery", "calendar": str(account.calendar_id), "parent": str(account.pk)}

    made = client.post(ACCOUNTS, body)
    assert made.status_code == 201
    assert made.json()["owner"] == str(manager.pk)
    assert (made.json()["no"], made.json()["stage"]) == ("ACC-00001", "lead")

    changed = client.patch(
        made["Location"], {"city": "Пловдив", "country": "BG"}, headers={"If-Match": made["ETag"]}
    )
    assert changed.status_code == 200
    lipa = Account.objects.get(name="Lipa Bakery")
    assert (lipa.city, lipa.country.code, lipa.parent) == ("Пловдив", "BG", account)
    assert (
        client.get(made["Location"], headers={"If-None-Match": changed["ETag"]}).status_code == 304
    )


def test_change_needs_the_version_that_was_seen(client, account):
    url = f"{ACCOUNTS}/{account.pk}"

    assert client.patch(url, {"city": "Ruse"}).status_code == 428
    assert client.patch(url, {"city": "Ruse"}, headers={"If-Match": '"7"'}).status_code == 412


def test_refusals_have_stable_codes(client, account, child):
    url = f"{ACCOUNTS}/{account.pk}"

    circular = client.patch(url, {"parent": str(child.pk)}, headers=at(account))
    assert (circular.status_code, circular.json()["code"]) == (409, "circular_group")
    undated = client.patch(url, {"client_since": None}, headers=at(account))
    assert undated.json()["code"] == "client_since_missing"
    odd = client.patch(url, {"tier": "huge", "colour": "red"}, headers=at(account))
    assert odd.status_code == 400


def test_account_is_handed_over_by_the_head_only(rest, client, head, account, stranger):
    url, body = f"{ACCOUNTS}/{account.pk}/reassign", {"owner": str(stranger.pk)}

    assert client.post(url, body, headers=at(account)).status_code == 403
    answer = rest(head).post(url, body, headers=at(account))
    assert (answer.status_code, answer.json()["owner"]) == (200, str(stranger.pk))


def test_account_shows_its_people_promises_and_story(client, account, child, promise):
    person = ContactFactory(account=child, name="Helen Marsh")
    person.also_at.add(account)
    url = f"{ACCOUNTS}/{account.pk}"

    assert found(client.get(f"{url}/people")) == ["Helen Marsh"]
    assert found(client.get(f"{url}/promises"), "no") == [promise.no]
    assert found(client.get(f"{url}/timeline"), "verb") == ["accounts.make_promise"]
    assert client.get(f"{ACCOUNTS}/{uuid4()}/people").status_code == 404


def test_contact_is_added_and_changed(client, account, child):
    body = {"account": str(account.pk), "name": "Tom", "also_at": [str(child.pk)]}

    made = client.post(CONTACTS, body)
    assert made.json()["also_at"] == [str(child.pk)]

    url = made["Location"]
    moved = client.patch(url, {"emails": ["tom@borea.example"]}, headers={"If-Match": made["ETag"]})
    assert moved.json()["also_at"] == [str(child.pk)]
    assert moved.json()["emails"] == ["tom@borea.example"]
    gone = client.patch(url, {"also_at": []}, headers={"If-Match": moved["ETag"]})
    assert gone.json()["also_at"] == []
    assert found(client.get(f"{CONTACTS}?q=том")) == ["Tom"]


def test_contact_of_another_group_is_refused(client, account, contact):
    body = {"also_at": [str(AccountFactory().pk)]}

    answer = client.patch(f"{CONTACTS}/{contact.pk}", body, headers=at(contact))

    assert answer.json()["code"] == "outside_group"


def test_talk_is_logged(client, account, contact, now):
    body = {"account": str(account.pk), "summary": "Tills work", "contacts": [str(contact.pk)]}

    answer = client.post(TOUCHES, body)

    account.refresh_from_db()
    assert answer.status_code == 201
    assert answer.json()["contacts"] == [str(contact.pk)]
    assert account.last_touch_at == now
    assert found(client.get(f"{TOUCHES}?account={account.pk}"), "summary") == ["Tills work"]


def test_client_said_is_a_member_only_for_those_who_may_read_it(
    rest, people, stranger, account, child, talk
):
    talk(client_said="They look at a rival")
    readers = {
        role: rest(person).get(TOUCHES).json()["results"][0]
        for role, person in (*people.items(), ("stranger", stranger))
        if role not in {"ad", "api"}
    }

    assert {role for role, row in readers.items() if "client_said" in row} == {"am", "hk", "ex"}
    assert {row["summary"] for row in readers.values()} == {"Talked"}
    assert rest(people["api"]).get(TOUCHES).json()["results"] == []


def test_deputy_reads_what_the_client_really_said(rest, manager, talk):
    deputy = UserFactory()
    DeputyshipFactory(person=manager, deputy=deputy, starts_on="2020-01-01", ends_on="2099-01-01")
    talk(client_said="They look at a rival")

    assert found(rest(deputy).get(TOUCHES), "client_said") == ["They look at a rival"]


def test_promise_is_made_kept_moved_and_withdrawn(client, account, manager, now):
    body = {
        "account": str(account.pk), "kind": "delivery", "text": "Send the offer",
        "due_at": "2026-03-04T16:00:00Z",
    }  # fmt: skip
    first = client.post(PROMISES, body)
    assert first.json()["made_by"] == str(manager.pk)
    url = first["Location"]

    unagreed = client.post(
        f"{url}/renegotiate",
        {"due_at": "2026-03-05T16:00:00Z"},
        headers={"If-Match": first["ETag"]},
    )
    assert unagreed.json()["code"] == "consent_missing"
    kept = client.post(f"{url}/keep", {"note": "Sent"}, headers={"If-Match": first["ETag"]})
    assert kept.json()["state"] == "kept"
    again = client.post(f"{url}/keep", {}, headers={"If-Match": kept["ETag"]})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")

    second = client.post(PROMISES, body)
    gone = client.post(
        f"{second['Location']}/withdraw",
        {"reason": "Found it"},
        headers={"If-Match": second["ETag"]},
    )
    assert gone.json()["state"] == "withdrawn_by_client"
    assert found(client.get(f"{PROMISES}?owed=true"), "no") == []
    assert (
        len(found(client.get(f"{PROMISES}?owed=false&due_before=2026-04-01T00:00:00Z"), "no")) == 2
    )


def test_stranger_may_read_but_not_settle_a_promise(rest, stranger, promise):
    url = f"{PROMISES}/{promise.pk}"

    assert rest(stranger).get(url).status_code == 200
    assert rest(stranger).post(f"{url}/keep", {}, headers=at(promise)).status_code == 403
    assert Promise.objects.get().state == "open"


def test_administrator_finds_no_people_talks_or_promises(rest, admin, contact, promise, talk):
    talk()

    for url in (CONTACTS, TOUCHES, PROMISES):
        assert found(rest(admin).get(url), "id") == []
    assert rest(admin).get(f"{CONTACTS}/{contact.pk}").status_code == 404


def test_limited_program_sees_and_touches_its_accounts_only(
    program, people, account, promise_to, talk, contact
):
    other = AccountFactory(name="Kobza Media")
    ContactFactory(account=other)
    promise_to(account=other)
    promise_to()
    talk(account=other)
    assert found(program.get(ACCOUNTS)) == [account.name, other.name]

    ClientLimit.objects.create(user=people["api"], account=account)

    assert found(program.get(ACCOUNTS)) == [account.name]
    assert program.get(f"{ACCOUNTS}/{other.pk}").status_code == 404
    assert found(program.get(CONTACTS)) == [contact.name]
    assert found(program.get(PROMISES), "account") == [str(account.pk)]
    assert found(program.get(TOUCHES), "account") == []
    told = program.get(f"{API}/audit").json()["results"]
    assert {row["account"] for row in told if row["verb"].startswith("accounts.")} == {
        str(account.pk)
    }

    absent = {"account": str(uuid4()), "summary": "x"}
    foreign = {"account": str(other.pk), "summary": "x"}
    answers = [program.post(TOUCHES, body) for body in (foreign, absent)]
    assert [each.status_code for each in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_program_records_interactions_and_creates_accounts_but_promises_nothing(
    program, account, manager
):
    talk = program.post(TOUCHES, {"account": str(account.pk), "summary": "Written in the portal"})
    assert talk.status_code == 201
    assert "client_said" not in talk.json()

    lead = {"name": "Lipa", "calendar": str(account.calendar_id), "owner": str(manager.pk)}
    assert program.post(ACCOUNTS, lead).status_code == 201
    assert program.post(ACCOUNTS, {**lead, "owner": None}).status_code == 400
    ownerless = program.post(ACCOUNTS, {"name": "Lipa", "calendar": str(account.calendar_id)})
    assert ownerless.json()["code"] == "not_an_owner"
    promise = {
        "account": str(account.pk), "kind": "delivery", "text": "x",
        "due_at": "2026-03-04T16:00:00Z", "made_by": str(manager.pk),
    }  # fmt: skip
    assert program.post(PROMISES, promise).status_code == 403


def test_token_reads_of_the_story_what_its_scopes_open(program, account, promise):
    url = f"{ACCOUNTS}/{account.pk}/timeline"

    assert found(program.get(url), "verb") == ["accounts.make_promise"]


@pytest.mark.parametrize("url", [ACCOUNTS, CONTACTS, TOUCHES, PROMISES, "people", "timeline"])
def test_lists_cost_the_same_for_one_row_and_for_three(
    client, account, promise_to, talk, query_count, url
):
    url = url if url.startswith("/") else f"{ACCOUNTS}/{account.pk}/{url}"

    def grow():
        AccountFactory(parent=account)
        talk(contacts=[ContactFactory(account=account)])
        promise_to()

    grow()
    one = query_count(client, url)
    grow()
    grow()
    assert query_count(client, url) == one


def test_interactions_are_filtered_by_their_moment(client, talk, now):
    talk(at=now + timedelta(days=2), summary="Plan")
    talk()

    since = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(client.get(f"{TOUCHES}?since={since}"), "summary") == ["Plan"]
    assert found(client.get(f"{TOUCHES}?until={since}"), "summary") == ["Talked"]
