from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import Account, Contact
from accounts.queries import likely_duplicates
from accounts.services.account import (
    CircularGroup,
    ClientNeedsFirstDay,
    GroupTooDeep,
    NotAnOwner,
)
from accounts.services.contact import OutsideGroup
from accounts.services.touch import NotTheirContact
from core.errors import DomainError, StaleVersion
from core.models import AuditEntry, Notification
from core.operations import SYSTEM
from tests.factories import (
    AccountFactory,
    CalendarFactory,
    ContactFactory,
    DeputyshipFactory,
    UserFactory,
)


def ancestors(account):
    account.refresh_from_db()
    return account.ancestors


def move(account, parent, head, now):
    return services.edit_account(actor=head, account=account, fields={"parent": parent}, now=now)


def test_created_account_has_a_number_a_place_in_its_group_and_one_entry(manager, account, now):
    made = services.create_account(
        actor=manager,
        owner=manager,
        fields={"name": "Lipa", "calendar": CalendarFactory(), "parent": account},
        now=now,
    )

    entry = AuditEntry.objects.get(target_id=made.pk)
    assert made.no == "ACC-00001"
    assert ancestors(made) == [account.pk]
    assert (entry.verb, entry.actor, entry.account_id) == ("accounts.create", manager, made.pk)


def test_client_needs_a_first_day(manager, now):
    fields = {"name": "Lipa", "calendar": CalendarFactory(), "stage": "client"}

    with pytest.raises(ClientNeedsFirstDay):
        services.create_account(actor=manager, owner=manager, fields=fields, now=now)


@pytest.mark.parametrize("unfit", [{"roles": ["sa"]}, {"is_active": False}])
def test_only_an_active_front_office_person_owns_an_account(manager, head, account, now, unfit):
    person = UserFactory(**unfit)
    fields = {"name": "Lipa", "calendar": account.calendar}

    with pytest.raises(NotAnOwner):
        services.create_account(actor=manager, owner=person, fields=fields, now=now)
    with pytest.raises(NotAnOwner):
        services.reassign_account(
            actor=head, account=account, owner=person, deputy=None, team=[], now=now
        )


def test_company_belongs_neither_to_itself_nor_to_its_own_branch(account, child, head, now):
    for parent in (account, child):
        with pytest.raises(CircularGroup):
            move(account, parent, head, now)


def test_group_has_at_most_five_levels(account, child, head, now):
    third = AccountFactory(parent=child)
    fourth = AccountFactory(parent=third)
    fifth = AccountFactory(parent=fourth)
    lonely, its_child = AccountFactory(), AccountFactory()
    move(its_child, lonely, head, now)

    with pytest.raises(GroupTooDeep):
        move(lonely, fifth, head, now)
    with pytest.raises(GroupTooDeep):
        move(lonely, fourth, head, now)
    assert ancestors(its_child) == [lonely.pk]


def test_moving_a_company_moves_its_branch(account, child, head, now):
    leaf = AccountFactory(parent=child)
    other = AccountFactory()

    move(child, other, head, now)
    assert (ancestors(child), ancestors(leaf)) == ([other.pk], [other.pk, child.pk])

    move(child, None, head, now)
    assert (ancestors(child), ancestors(leaf)) == ([], [child.pk])


def test_database_itself_refuses_a_cycle(account):
    with pytest.raises(IntegrityError, match="group_has_no_cycle"), transaction.atomic():
        Account.objects.filter(pk=account.pk).update(ancestors=[account.pk], parent=account)


def test_owner_of_the_group_owns_the_branch_and_nobody_else(account, child, manager, stranger, now):
    fields = {"city": "Varna"}

    services.edit_account(actor=manager, account=child, fields=fields, now=now)
    with pytest.raises(PermissionDenied):
        services.edit_account(actor=stranger, account=account, fields=fields, now=now)


def test_second_of_two_edits_is_refused(account, manager, now):
    stale = Account.objects.get(pk=account.pk)
    stale.expect(stale.version)
    services.edit_account(actor=manager, account=account, fields={"city": "Sofia"}, now=now)

    with pytest.raises(StaleVersion):
        services.edit_account(actor=manager, account=stale, fields={"city": "Ruse"}, now=now)


def test_handing_over_tells_everybody_it_concerns(account, manager, head, stranger, now):
    deputy, helper = UserFactory(), UserFactory(roles=["te"])

    services.reassign_account(
        actor=head, account=account, owner=stranger, deputy=deputy, team=[helper], now=now
    )

    entry = AuditEntry.objects.get(verb="accounts.reassign")
    told = set(Notification.objects.filter(entry=entry).values_list("recipient", flat=True))
    assert told == {manager.pk, stranger.pk, deputy.pk, helper.pk}
    assert entry.changes["owner_id"] == [str(manager.pk), str(stranger.pk)]
    assert entry.changes["team"] == [[], [str(helper.pk)]]


def test_account_manager_cannot_hand_over_his_own_account(account, manager, stranger, now):
    with pytest.raises(PermissionDenied):
        services.reassign_account(
            actor=manager, account=account, owner=stranger, deputy=None, team=[], now=now
        )


@pytest.mark.parametrize("words", ["Бореа", "borea retail", "Boreya Retail"])
def test_likely_duplicates_are_found_in_either_alphabet(account, manager, words):
    assert list(likely_duplicates(manager, words)) == [account]


def test_nothing_is_a_duplicate_of_no_name(account, manager):
    assert list(likely_duplicates(manager, " ")) == []


def test_person_works_for_several_companies_of_one_group_only(account, child, manager, now):
    fields = {"name": "Helen Marsh"}
    elsewhere = AccountFactory()

    person = services.add_contact(
        actor=manager, account=account, fields=fields, also_at=[child, account], now=now
    )
    assert list(person.also_at.all()) == [child]
    assert list(Contact.objects.of(child)) == [person]
    for call in (
        lambda: services.add_contact(
            actor=manager, account=account, fields=fields, also_at=[elsewhere], now=now
        ),
        lambda: services.edit_contact(
            actor=manager, contact=person, fields=fields, also_at=[elsewhere], now=now
        ),
    ):
        with pytest.raises(OutsideGroup):
            call()


def test_history_never_holds_personal_values(account, contact, manager, now):
    fields = {"phones": ["+359 2 987 654"], "state": "left"}

    services.edit_contact(actor=manager, contact=contact, fields=fields, now=now)

    entry = AuditEntry.objects.get(verb="accounts.edit_contact")
    assert entry.changes["state"] == ["active", "left"]
    assert "987" not in str(entry.changes)


def test_talk_becomes_the_last_touch(account, talk, now):
    talk(at=now - timedelta(hours=3))
    talk(at=now - timedelta(days=9))

    account.refresh_from_db()
    assert account.last_touch_at == now - timedelta(hours=3)


@pytest.mark.parametrize("no_touch", [{"days": 1}, {"two_way": False}])
def test_plan_and_one_sided_message_are_no_touch_yet(account, talk, now, no_touch):
    ahead = timedelta(days=no_touch.pop("days", 0))

    talk(at=now + ahead, **no_touch)

    account.refresh_from_db()
    assert account.last_touch_at is None


def test_talk_stands_in_the_story_where_it_happened(talk, now):
    talk(at=now - timedelta(days=2))
    talk(at=now + timedelta(days=2))

    entries = AuditEntry.objects.filter(verb="accounts.log_touch").order_by("id")
    assert [entry.happened_at for entry in entries] == [now - timedelta(days=2), now]


def test_talk_is_with_people_of_the_account(talk):
    with pytest.raises(NotTheirContact):
        talk(contacts=[ContactFactory()])


def test_deputys_act_names_both(account, manager, now):
    deputy = UserFactory()
    DeputyshipFactory(person=manager, deputy=deputy, starts_on="2020-01-01", ends_on="2099-01-01")

    services.edit_account(actor=deputy, account=account, fields={"city": "Sofia"}, now=now)

    entry = AuditEntry.objects.get(verb="accounts.edit")
    assert (entry.actor, entry.on_behalf_of) == (deputy, manager)


def test_promise_kept_in_time(promise, manager, now):
    services.keep_promise(actor=manager, promise=promise, now=promise.due_at)

    assert (promise.state, promise.done_at) == ("kept", promise.due_at)


def test_promise_kept_after_it_was_due_is_late(promise, manager):
    late = promise.due_at + timedelta(microseconds=1)

    services.keep_promise(actor=manager, promise=promise, now=late)

    assert promise.state == "kept_late"


def test_promise_breaks_one_business_day_after_it_was_due(promise_to, manager):
    friday = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    promise = promise_to(due_at=friday)
    assert promise.break_at == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)

    done = promise.break_at + timedelta(seconds=1)
    services.keep_promise(actor=manager, promise=promise, now=done)

    assert (promise.state, promise.done_at) == ("broken", done)
    with pytest.raises(DomainError, match="Not possible"):
        services.keep_promise(actor=manager, promise=promise, now=done)


def test_second_renegotiation_counts_as_late(promise, manager, now):
    for days in (2, 3):
        services.renegotiate_promise(
            actor=manager, promise=promise, due_at=now + timedelta(days=days),
            consent="Helen agreed by phone", now=now,
        )  # fmt: skip
    services.keep_promise(actor=manager, promise=promise, now=now)

    assert (promise.renegotiations, promise.state) == (2, "kept_late")


@pytest.mark.parametrize(
    ("after", "due", "consent", "code"),
    [
        (timedelta(days=1, seconds=1), timedelta(days=2), "Helen agreed", "already_due"),
        (timedelta(), timedelta(days=2), "  ", "consent_missing"),
        (timedelta(), timedelta(), "Helen agreed", "due_in_the_past"),
    ],
)
def test_promise_moves_only_ahead_of_time_and_with_consent(
    promise, manager, after, due, consent, code
):
    now = promise.made_at

    with pytest.raises(DomainError) as refusal:
        services.renegotiate_promise(
            actor=manager, promise=promise, due_at=now + due, consent=consent, now=now + after
        )
    promise.refresh_from_db()
    assert refusal.value.code == code
    assert promise.renegotiations == 0


def test_withdrawn_promise_says_why(promise, manager, now):
    services.withdraw_promise(actor=manager, promise=promise, reason="They found it", now=now)

    entry = AuditEntry.objects.get(verb="accounts.withdraw_promise")
    assert (promise.state, entry.reason) == ("withdrawn_by_client", "They found it")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"due_at": datetime(2026, 3, 2, 10, 0, tzinfo=UTC)}, "due_in_the_past"),
        ({"contact": None}, "not_their_contact"),
    ],
)
def test_impossible_promises_are_refused(promise_to, given, code):
    given = {**given, "contact": ContactFactory()} if "contact" in given else given

    with pytest.raises(DomainError) as refusal:
        promise_to(**given)
    assert refusal.value.code == code


def test_follow_up_call_is_settled_by_its_outcome_only(promise_to, contact, manager, now):
    call = promise_to(kind="callback", subject=contact)

    for settle in (
        lambda: services.keep_promise(actor=manager, promise=call, now=now),
        lambda: services.withdraw_promise(actor=manager, promise=call, reason="x", now=now),
    ):
        with pytest.raises(DomainError) as refusal:
            settle()
        assert refusal.value.code == "outcome_missing"


def test_colleague_keeps_no_promise_of_others(promise, stranger, now):
    with pytest.raises(PermissionDenied):
        services.keep_promise(actor=stranger, promise=promise, now=now)


def test_unanswered_call_is_tried_again_without_a_new_promise(promise, manager, now):
    services.retry_promise(
        actor=SYSTEM, promise=promise, due_at=now + timedelta(days=3), now=promise.due_at
    )

    assert (promise.tries, promise.renegotiations, promise.state) == (1, 0, "open")
    services.keep_promise(actor=manager, promise=promise, now=promise.due_at)
    assert promise.state == "kept"


def test_needless_promise_is_void_and_needs_no_more(promise, manager, now):
    services.void_promise(actor=SYSTEM, promise=promise, reason="Reopened", now=now)

    assert (promise.state, promise.is_owed) == ("void", False)
    with pytest.raises(DomainError, match="Not possible"):
        services.withdraw_promise(actor=manager, promise=promise, reason="x", now=now)


def test_only_the_system_retries_and_voids(promise, manager, now):
    with pytest.raises(PermissionDenied):
        services.void_promise(actor=manager, promise=promise, reason="x", now=now)


@pytest.mark.parametrize("service", ["edit_account", "edit_contact", "log_touch"])
def test_field_that_nobody_edits_is_a_mistake_of_the_program(
    account, contact, manager, now, service
):
    given = {
        "edit_account": {"account": account},
        "edit_contact": {"contact": contact},
        "log_touch": {"account": account, "summary": "x"},
    }[service]

    with pytest.raises(TypeError, match="not editable: version"):
        getattr(services, service)(actor=manager, fields={"version": 9}, now=now, **given)
