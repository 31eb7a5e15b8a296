from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts import services
from accounts.models import Account, Contact
from core.errors import StaleVersion
from core.models import AuditEntry
from core.operations import HIDDEN, SYSTEM, operation
from tests.factories import AccountFactory, ContactFactory, DeputyshipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(manager):
    return AccountFactory(name="Acme", city="Sofia", owner=manager)


def edit(account, actor, now, **fields):
    return services.edit_account(actor=actor, account=account, fields=fields, now=now)


def test_one_operation_is_one_entry_with_old_and_new(account, manager, now):
    edit(account, manager, now, city="Varna")

    [entry] = AuditEntry.objects.all()
    assert (entry.verb, entry.actor, entry.at) == ("accounts.edit", manager, now)
    assert (entry.account_id, entry.target_id, entry.label) == (account.pk, account.pk, account.no)
    assert entry.changes["city"] == ["Sofia", "Varna"]
    assert entry.target_type == ContentType.objects.get_for_model(Account)


def test_a_change_takes_the_next_version_and_no_change_does_not(account, manager, now):
    edit(account, manager, now, city="Varna")
    edit(account, manager, now + timedelta(hours=1), city="Varna")

    account.refresh_from_db()
    assert (account.version, account.updated_at) == (2, now)


def test_a_stale_version_is_refused_before_anything_is_written(account, manager, now):
    stale = Account.objects.get(pk=account.pk)
    edit(account, manager, now, city="Varna")
    stale.expect(1)

    with pytest.raises(StaleVersion) as refusal:
        edit(stale, manager, now, city="Ruse")

    assert refusal.value.facts == {"expected": 1, "actual": 2}
    account.refresh_from_db()
    assert account.city == "Varna"


def test_the_body_decides_on_what_is_true_now(account, manager, now):
    seen_before = Account.objects.get(pk=account.pk)
    edit(account, manager, now, city="Varna")

    edit(seen_before, manager, now, website="https://acme.example")

    account.refresh_from_db()
    assert (account.city, account.website) == ("Varna", "https://acme.example")


def test_who_may_not_leaves_no_trace(account, stranger, now):
    with pytest.raises(PermissionDenied):
        edit(account, stranger, now, city="Varna")

    assert not AuditEntry.objects.exists()


def fail_half_way(account, manager, now):
    with operation("accounts.edit", actor=manager, on=account, at=now):
        account.city = "Varna"
        account.save(update_fields=["city"])
        raise ZeroDivisionError


def test_a_refusal_in_the_body_takes_everything_back(account, manager, now):
    with pytest.raises(ZeroDivisionError):
        fail_half_way(account, manager, now)

    account.refresh_from_db()
    assert account.city == "Sofia"
    assert not AuditEntry.objects.exists()


def test_personal_values_are_said_to_have_changed_never_to_what(account, manager, now):
    contact = ContactFactory(account=account, name="Rada Lipova")

    services.edit_contact(actor=manager, contact=contact, fields={"name": "Rada Ruseva"}, now=now)

    [entry] = AuditEntry.objects.all()
    assert entry.changes["name"] == [HIDDEN, HIDDEN]
    assert "Ruseva" not in str(entry.changes)


def test_a_second_row_is_read_again_saved_and_told_in_the_same_entry(account, manager, now):
    contact = ContactFactory(account=account, title="Buyer")
    seen_before = Contact.objects.get(pk=contact.pk)
    Contact.objects.filter(pk=contact.pk).update(department="Purchasing")

    with operation("accounts.edit", actor=manager, on=account, at=now) as op:
        row = op.also(seen_before)
        told = row.department
        row.language = "bg"

    contact.refresh_from_db()
    [entry] = AuditEntry.objects.all()
    assert (told, contact.language, contact.version) == ("Purchasing", "bg", 2)
    assert entry.changes == {"language": ["en", "bg"]}


@pytest.mark.parametrize("name", ["", "Rada Lipova"])
def test_a_new_second_row_is_stored_if_the_body_says_anything_of_it(account, manager, now, name):
    newcomer = Contact(account=account)

    with operation("accounts.edit", actor=manager, on=account, at=now) as op:
        op.also(newcomer).name = name

    assert list(Contact.objects.values_list("name", flat=True)) == ([name] if name else [])


def test_the_system_needs_no_permission_and_is_named_as_itself(account, now):
    edit(account, SYSTEM, now, city="Varna")

    [entry] = AuditEntry.objects.all()
    assert entry.actor is None


def test_a_deputy_acts_for_the_owner_and_both_are_named(account, manager, now):
    deputy = UserFactory()
    DeputyshipFactory(
        person=manager, deputy=deputy, starts_on=date(2000, 1, 1), ends_on=date(2100, 1, 1)
    )

    edit(account, deputy, now, city="Varna")

    [entry] = AuditEntry.objects.all()
    assert (entry.actor, entry.on_behalf_of) == (deputy, manager)


def test_a_deputy_of_the_past_may_nothing(account, manager, now):
    deputy = UserFactory()
    DeputyshipFactory(
        person=manager, deputy=deputy, starts_on=date(2000, 1, 1), ends_on=date(2001, 1, 1)
    )

    with pytest.raises(PermissionDenied):
        edit(account, deputy, now, city="Varna")


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET verb = 'x'", "DELETE FROM core_auditentry"]
)
def test_the_database_itself_refuses_to_change_history(account, manager, now, statement):
    edit(account, manager, now, city="Varna")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditEntry.objects.get().verb == "accounts.edit"
