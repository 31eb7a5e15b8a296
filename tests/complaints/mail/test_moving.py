"""From nobody known yet to the account: the terms, promises and parts go with the complaint."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Contact, Promise
from complaints import services
from complaints.models import Complaint
from complaints.placing import NotTheirContact
from complaints.services.moving import AlreadyPlaced
from core.models import AuditEntry, Notification
from tests.complaints.mail.letters import letter
from tests.factories import CalendarFactory, ContactFactory, ContractFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobodys(fetch, account):
    """A complaint of a stranger, received at noon."""
    return fetch(letter(**{"from": "Anna Kos <anna@else.example>"}))[0].complaint


@pytest.fixture
def move(nobodys, account, agent, now):
    def move_it(**given):
        wanted = {"actor": agent, "complaint": nobodys, "account": account, "now": now} | given
        return services.move(**wanted)

    return move_it


def test_the_deadlines_follow_the_terms_of_the_account_from_the_first_moment(
    nobodys, move, account, now
):
    calendar = CalendarFactory(special__zone="Europe/Kyiv")
    ContractFactory(
        account=account, calendar=calendar,
        targets={("p3", "first_response"): 30, ("p3", "resolution"): 120},
    )  # fmt: skip
    later = now + timedelta(minutes=45)
    move(now=later)

    clocks = {clock.metric: clock for clock in nobodys.clocks.all()}
    assert {clock.account for clock in clocks.values()} == {account}
    assert clocks["first_response"].due_at == now + timedelta(minutes=30)
    assert clocks["first_response"].breached_at == now + timedelta(minutes=30)
    assert clocks["resolution"].due_at == now + timedelta(minutes=120)
    assert {clock.started_at for clock in clocks.values()} == {now}
    nobodys.refresh_from_db()
    assert nobodys.next_due_at == now + timedelta(minutes=30)


def test_what_was_late_by_our_own_standard_is_judged_anew(nobodys, move, account, now):
    ContractFactory(
        account=account, targets={("p3", "first_response"): 9_000, ("p3", "resolution"): 9_000}
    )
    late = now + timedelta(days=3)
    first = nobodys.clocks.get(metric="first_response")
    assert first.due_at < late
    move(now=late)

    first.refresh_from_db()
    assert (first.breached_at, first.due_at > late) == (None, True)


def test_the_pause_of_a_waiting_complaint_stays(nobodys, move, head, agent, now):
    services.triage(
        actor=head, complaint=nobodys, impact=3, urgency=3, category="quality", safety=False,
        assignee=agent, lead=head, now=now,
    )  # fmt: skip
    services.wait(actor=head, complaint=nobodys, waiting_for="client", body="Which till?", now=now)
    move(now=now + timedelta(hours=1))

    assert {clock.state for clock in nobodys.clocks.live()} == {"paused"}


def test_the_account_manager_leads_and_hears_of_it(nobodys, move, account, head):
    move()

    nobodys.refresh_from_db()
    assert (nobodys.account, nobodys.lead) == (account, account.owner)
    entry = AuditEntry.objects.get(verb="complaints.move")
    assert entry.account_id == account.pk
    assert Notification.objects.filter(entry=entry, recipient=account.owner).exists()
    assert "anna" not in str(entry.changes) + str(entry.details)


def test_a_lead_that_was_chosen_stays(nobodys, move, head, agent, now):
    services.assign(actor=head, complaint=nobodys, assignee=agent, lead=agent, now=now)

    assert move().lead == agent


def test_promises_and_parts_go_with_it(nobodys, move, fetch, head, agent, account, now):
    part = fetch(letter(subject="Same", **{"from": "ivan@else.example"}))[0].complaint
    services.merge(actor=head, complaint=part, into=nobodys, now=now)
    services.reply(
        actor=head, complaint=nobodys, body="We look into it, sorry.",
        next_contact_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    contact = ContactFactory(account=account)
    move(contact=contact)

    promise = Promise.objects.get(kind="next_contact")
    assert (promise.account, promise.contact) == (account, contact)
    part.refresh_from_db()
    assert part.account == account


def test_the_sender_becomes_a_contact_whose_next_letter_finds_its_account(
    nobodys, move, account, fetch
):
    move(adds_sender=True)
    contact = Contact.objects.get(account=account)

    assert (contact.name, contact.emails) == ("Anna Kos", ["anna@else.example"])
    assert nobodys.contact == contact
    [mail] = fetch(letter(subject="Next", **{"from": "Anna@else.example"}))
    assert (mail.complaint.account, mail.complaint.contact) == (account, contact)


def test_a_placed_complaint_stays_where_it_is(move, account):
    move()

    with pytest.raises(AlreadyPlaced):
        move()


def test_a_contact_of_somebody_else_is_refused(move):
    with pytest.raises(NotTheirContact):
        move(contact=ContactFactory())


def test_a_technician_places_nothing(nobodys, move, technician):
    with pytest.raises(PermissionDenied):
        move(actor=technician)


def test_the_queue_shows_what_is_nobodys_yet(nobodys, log, agent, sign_in):
    log()
    lines = sign_in(agent).get("/complaints/?assigned=unknown").context["lines"]

    assert [line.complaint for line in lines] == [nobodys]


def test_the_page_finds_the_account_and_places_it(nobodys, account, contact, agent, sign_in):
    browser = sign_in(agent)
    case = browser.get(f"/complaints/{nobodys.pk}/").content.decode()
    page = f"/complaints/{nobodys.pk}/move/"
    found = browser.get(f"{page}?find=Lipa").content.decode()

    assert page in case
    assert account.name in found
    assert contact.name in found
    sent = {"version": nobodys.version, "account": account.pk, "adds_sender": "on", "contact": ""}
    missing = browser.post(page, {"version": nobodys.version})
    assert missing.status_code == 422
    answer = browser.post(page, sent)
    assert answer.headers["Location"] == f"/complaints/{nobodys.pk}/"
    nobodys.refresh_from_db()
    assert (nobodys.account, nobodys.contact.name) == (account, "Anna Kos")
    assert browser.get(page).status_code == 302


def test_accounts_whose_people_write_from_the_same_domain_are_offered(
    nobodys, account, agent, sign_in
):
    ContactFactory(account=account, search_text="boss@else.example", emails=["boss@else.example"])

    assert account.name in sign_in(agent).get(f"/complaints/{nobodys.pk}/move/").content.decode()


def test_it_is_placed_over_rest(nobodys, account, agent, rest):
    client, url = rest(agent), f"/api/v1/complaints/{nobodys.pk}"
    etag = client.get(url).headers["ETag"]
    wanted = {"account": str(account.pk), "adds_sender": True}
    answer = client.post(f"{url}/move", wanted, format="json", headers={"If-Match": etag})

    assert answer.status_code == 200, answer.content
    assert answer.json()["account"] == str(account.pk)
    again = client.post(
        f"{url}/move", wanted, format="json", headers={"If-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_placed")


def test_clocks_of_nobody_known_are_shown_to_those_who_see_the_complaint(nobodys, agent, rest):
    clocks = rest(agent).get(f"/api/v1/complaints/{nobodys.pk}/clocks").json()["results"]

    assert len(clocks) == nobodys.clocks.count() > 0
    assert Complaint.objects.visible_to(agent).filter(pk=nobodys.pk).exists()
