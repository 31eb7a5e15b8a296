"""The one account for complaints of people whom nobody can place yet: everywhere out of sight."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts import services
from accounts.models import Account, Contact, Promise, Task, Touch
from accounts.queries import accounts_found, likely_duplicates
from accounts.services.account import CalendarMissing, NobodyToHold
from core.models import AuditEntry, Calendar
from core.operations import SYSTEM
from tests.factories import (
    NOON,
    AccountFactory,
    CalendarFactory,
    ContactFactory,
    TaskFactory,
    UserFactory,
)


@pytest.fixture
def calendar(db):
    return CalendarFactory(name="Office")


@pytest.fixture
def unknown(head, calendar, now):
    return services.hold_unknown(actor=SYSTEM, now=now)


def test_it_belongs_to_the_head_who_has_served_longest(head, calendar, now):
    UserFactory(roles=["hk"])
    UserFactory(roles=["hk"], is_active=False, created_at=NOON - timedelta(days=9999))
    elder = UserFactory(roles=["hk"], created_at=NOON - timedelta(days=999))

    account = services.hold_unknown(actor=SYSTEM, now=now)

    assert (account.owner, account.calendar, account.stage) == (elder, calendar, "lead")
    assert (account.no, account.is_unknown) == ("ACC-00001", True)
    assert AuditEntry.objects.get().verb == "accounts.hold_unknown"


def test_asked_again_it_is_the_same_one(unknown, now):
    assert services.hold_unknown(actor=SYSTEM, now=now) == unknown
    assert Account.objects.count() == AuditEntry.objects.count() == 1


def test_the_calendar_is_the_one_a_new_account_gets(sign_in, head, calendar, unknown):
    CalendarFactory(name="Zurich")

    form = sign_in(head).get("/accounts/new/").context["form"]

    assert form.initial["calendar"] == unknown.calendar


def test_without_a_head_it_says_what_to_do(calendar, now):
    with pytest.raises(NobodyToHold, match="Add a head of key accounts"):
        services.hold_unknown(actor=SYSTEM, now=now)


def test_without_a_calendar_it_says_what_to_do(head, now):
    assert not Calendar.objects.exists()

    with pytest.raises(CalendarMissing, match="Add a calendar"):
        services.hold_unknown(actor=SYSTEM, now=now)


def test_only_other_operations_make_it(head, calendar, now):
    with pytest.raises(PermissionDenied):
        services.hold_unknown(actor=head, now=now)


def test_there_is_never_a_second_one(unknown, manager):
    with pytest.raises(IntegrityError, match="one_unknown_account"), transaction.atomic():
        AccountFactory(is_unknown=True, stage="lead", client_since=None)


@pytest.mark.parametrize("stage", ["client", "declined", "prospect_accepted"])
def test_it_never_becomes_anything_else(unknown, stage):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.update(stage=stage, client_since=NOON.date())


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Not known yet"), ("ru", None), ("uk", None), ("bg", None)]
)
def test_its_name_is_told_in_the_readers_language(unknown, language, name):
    with translation.override(language):
        told = Account.objects.get().name
        assert told == translation.gettext("Not known yet") == str(unknown)
    assert name in (None, told)


@pytest.mark.django_db
def test_every_other_name_stays_as_it_is():
    account = AccountFactory(name="Kobza Media")

    assert (Account.objects.only("name").get().name, account.name) == ("Kobza Media",) * 2


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "ad", "api"])
def test_nobody_sees_it_or_what_is_in_it(people, unknown, role):
    ContactFactory(account=unknown)
    TaskFactory(account=unknown)
    user = people[role]

    for model in (Account, Contact, Promise, Task, Touch):
        assert not model.objects.visible_to(user).exists(), model
    assert accounts_found(user, "Not known yet") == []
    assert not likely_duplicates(user, "Not known yet")


@pytest.mark.parametrize("role", ["am", "hk", "ex"])
def test_no_page_and_no_rest_call_shows_it(people, sign_in, rest, unknown, role):
    window, client = sign_in(people[role]), rest(people[role])

    assert window.get(f"/accounts/{unknown.pk}/").status_code == 404
    for path in ("/accounts/", "/search/?q=not+known", "/search/?q=ACC-00001"):
        assert str(unknown.pk) not in window.get(path, follow=True).content.decode()
    assert client.get("/api/v1/accounts").json()["results"] == []
    assert client.get(f"/api/v1/accounts/{unknown.pk}").status_code == 404
    assert client.get(f"/api/v1/accounts/{unknown.pk}/insiders").status_code == 404
