import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services as accounts
from accounts.models import ClientLimit
from accounts.services.account import ClientNeedsFirstDay
from core.models import User, WebhookDelivery
from core.operations import record, system_entry
from core.webhooks import events
from tests.factories import AccountFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(manager):
    return AccountFactory(owner=manager, name="Lipa Bakery", stage="lead", notes="Rada is ill")


@pytest.fixture
def edit(manager, now):
    """Return a function that edits an account."""
    return lambda account, **fields: accounts.edit_account(
        actor=manager, account=account, fields=fields, now=now
    )


def told(endpoint=None):
    rows = WebhookDelivery.objects.order_by("id")
    return [row.type for row in (rows.filter(endpoint=endpoint) if endpoint else rows)]


def test_an_operation_becomes_an_event_in_its_own_transaction(add, account, edit, now, settings):
    endpoint = add()

    edit(account, stage="client", client_since=now.date(), notes="Ask Rada at home")

    delivery = endpoint.deliveries.get()
    assert (delivery.type, delivery.state, delivery.next_try_at) == (
        "account.stage_changed", "waiting", now,
    )  # fmt: skip
    assert delivery.body == {
        "type": "account.stage_changed",
        "timestamp": "2026-03-02T10:00:00Z",
        "data": {
            "id": str(account.pk),
            "no": account.no,
            "url": f"{settings.BASE_URL}/api/v1/accounts/{account.pk}",
            "version": 2,
            "account": str(account.pk),
            "changed": ["stage"],
            "stage": "client",
        },
    }


def test_an_operation_that_fails_tells_nobody(add, account, edit, now):
    add()

    with pytest.raises(ClientNeedsFirstDay):
        edit(account, stage="client", client_since=None)

    assert told() == []


def test_what_people_wrote_is_in_no_body(add, manager, account, now):
    add()
    contact = ContactFactory(account=account, name="Needle Person")
    words = {"name": "Needle Ltd", "notes": "needle", "city": "Needle", "stage": "declined"}

    accounts.edit_account(actor=manager, account=account, fields=words, now=now)
    accounts.edit_contact(
        actor=manager, contact=contact, fields={"state": "left", "name": "Needle Two"}, now=now
    )
    accounts.report_bad_news(
        actor=manager, account=account, what="needle", may_cause="needle", first_known_at=now,
        now=now,
    )  # fmt: skip

    bodies = [
        json.dumps(body).lower() for body in WebhookDelivery.objects.values_list("body", flat=True)
    ]
    assert told() == ["account.stage_changed", "contact.left", "badnews.reported"]
    assert [body for body in bodies if "needle" in body] == []


def test_an_endpoint_hears_only_of_what_it_wants(add, account, edit, now):
    all_of_it, tiers, others = (
        add(),
        add(events=["account.tier_changed"]),
        add(events=["alert.raised"]),
    )

    edit(account, stage="declined", tier="key")

    assert sorted(told(all_of_it)) == ["account.stage_changed", "account.tier_changed"]
    assert told(tiers) == ["account.tier_changed"]
    assert told(others) == []


def test_all_endpoints_hear_of_an_event_under_one_id(add, account, edit):
    one, two = add(), add()

    edit(account, tier="key")

    assert one.deliveries.get().event_id == two.deliveries.get().event_id


def test_a_disabled_endpoint_hears_nothing(add, account, edit):
    endpoint = add()
    endpoint.state = "disabled"
    endpoint.save()

    edit(account, tier="key")

    assert told() == []


def test_a_failing_endpoint_still_hears(add, account, edit):
    endpoint = add()
    endpoint.state = "failing"
    endpoint.save()

    edit(account, tier="key")

    assert told() == ["account.tier_changed"]


@pytest.fixture
def program():
    return UserFactory(roles=[User.Role.API_CLIENT])


def test_the_webhook_of_a_program_hears_of_the_accounts_it_may_see(add, program, account, edit):
    other = AccountFactory(owner=account.owner)
    ClientLimit.objects.create(user=program, account=account)
    endpoint, house = add(owner=program), add()

    edit(account, tier="key")
    edit(other, tier="key")

    assert [row.body["data"]["id"] for row in endpoint.deliveries.all()] == [str(account.pk)]
    assert house.deliveries.count() == 2


def test_the_webhook_of_a_program_without_limits_hears_of_all_accounts(add, program, account, edit):
    add(owner=program)

    edit(account, tier="key")

    assert told() == ["account.tier_changed"]


def test_the_webhook_of_a_program_hears_of_nothing_internal(add, program, account, manager, now):
    theirs, house = add(owner=program), add()

    accounts.report_bad_news(
        actor=manager, account=account, what="It burns", may_cause="", first_known_at=now, now=now
    )

    assert told(theirs) == []
    assert told(house) == ["badnews.reported"]


def test_a_program_that_was_shut_out_hears_nothing(add, program, account, edit):
    add(owner=program)
    User.objects.filter(pk=program.pk).update(is_active=False)

    edit(account, tier="key")

    assert told() == []


def test_what_belongs_to_no_account_is_told_to_no_program(add, program, admin, now, declared):
    declared("core.edit_user", "user.changed")
    add(owner=program)

    record([system_entry("core.edit_user", target=admin, at=now, details={})])

    assert told() == []


@pytest.fixture
def declared(monkeypatch):
    """Return a function that declares an event for one test."""
    monkeypatch.setattr(events, "_by_verb", events._by_verb.copy())

    def declare(verb, name, **options):
        kinds = events._by_verb[verb]
        events._by_verb[verb] = [*kinds]
        events.publish(verb, name, **options)

    return declare


def test_a_declaration_says_what_is_told(add, admin, now, declared):
    declared(
        "core.edit_user", "user.changed",
        when=lambda entry, row: entry.details["count"] > 1,
        facts=["count", "language", "manager_id"], changed=["roles"],
    )  # fmt: skip
    add()
    entries = [
        system_entry("core.edit_user", target=admin, at=now, details={"count": count})
        for count in (1, 2)
    ]
    for entry in entries:
        entry.changes = {"roles": [[], ["ad"]], "name": ["Needle", "Other"]}

    record(entries)

    data = WebhookDelivery.objects.get().body["data"]
    assert data == {
        "id": str(admin.pk), "no": None, "url": None, "version": 1, "account": None,
        "changed": ["roles"], "count": 2, "language": "en", "manager": None,
    }  # fmt: skip


def queries(work, about="webhook"):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len([each for each in captured if about in each["sql"]])


def test_without_an_endpoint_an_event_costs_one_small_query(account, edit):
    assert queries(lambda: edit(account, tier="key")) == 1


def test_an_operation_that_is_no_event_costs_nothing(add, account, now):
    add()
    entry = system_entry("core.edit_team", target=account, at=now, details={})

    assert queries(lambda: record([entry])) == 0


@pytest.mark.parametrize("endpoints", [1, 3])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_outbox_is_written_in_bulk(add, now, account, endpoints, rows):
    for _ in range(endpoints):
        add()
    entries = [
        system_entry("accounts.create", target=AccountFactory(), at=now, details={})
        for _ in range(rows)
    ]

    spent = queries(lambda: record(entries), about="")

    # Who listens, and the rows; what is written goes by COPY.
    assert spent == 2
    assert WebhookDelivery.objects.count() == endpoints * rows
