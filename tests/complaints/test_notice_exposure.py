"""Who must hear: each account and each person once, by whoever there may be written to."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from complaints.coverage import Coverage, coverage_of
from complaints.exposure import exposure
from complaints.models import Notice, Recipient
from complaints.recall import tells_to_stop
from tests.complaints.notices import BATCH, ITEM, client, hold
from tests.examples import example
from tests.factories import AccountFactory, ContactFactory


def affected(kind="safety", item=ITEM, batch=BATCH):
    return exposure(Notice(kind=kind, item=item, batch=batch)).affected


def test_coverage_and_action_are_those_of_the_example():
    told, wanted = example("E3.8")

    figures = Coverage(
        recipients=told["recipients"], acknowledged=told["acknowledged"], acted=told["action_done"]
    )

    assert str(figures.heard.percent) == wanted["coverage_pct"]
    assert str(figures.done.percent) == wanted["action_pct"]


@given(st.dictionaries(st.sampled_from(Recipient.State.values), st.integers(0, 5_000)))
def test_what_is_open_is_in_no_end_state(states):
    figures = coverage_of(states)

    ended = sum(states.get(state, 0) for state in Recipient.ENDED)
    assert figures.open == sum(states.values()) - ended
    assert figures.acted <= figures.acknowledged <= figures.recipients


def test_a_notice_to_nobody_has_no_coverage():
    assert coverage_of({}).heard.percent is None


@pytest.mark.django_db
def test_several_deliveries_of_an_account_are_one_recipient_with_all_pieces():
    account = client("Borea Retail")
    hold(account, quantity=3)
    hold(account, quantity=4)

    [only] = affected()

    assert (only.account, only.quantity, only.email) == (
        account, 7, "head.of.borea.retail@client.example",
    )  # fmt: skip


@pytest.mark.django_db
def test_what_came_back_or_is_of_another_batch_concerns_nobody():
    hold(client("Back"), returned_on=date(2026, 2, 1))
    hold(client("Other"), batch="B-1")

    assert affected() == ()


@pytest.mark.django_db
def test_people_behind_resellers_and_second_hand_holders_hear_too():
    reseller = client("Reseller")
    mail = {"holder_email": "ann@home.example", "holder_language": "ru"}
    hold(None, reseller=reseller, holder_name="Ann", **mail)
    hold(None, holder_name="Boris", holder_phone="+359 88 1", passed_on=True)

    ann, boris = affected()

    assert (ann.name, ann.reseller, ann.email, ann.language) == (
        "Ann", reseller, "ann@home.example", "ru",
    )  # fmt: skip
    assert (boris.name, boris.email, boris.phone) == ("Boris", "", "+359 88 1")


@pytest.mark.django_db
def test_one_person_hears_once_however_she_was_noted():
    first, second = client("First"), client("Second")
    hold(None, reseller=first, holder_name="Ann Lee", holder_email="Ann@home.example",
         holder_phone="+359 88 111")  # fmt: skip
    hold(None, reseller=second, holder_name="A. Lee", holder_email="ann@HOME.example")
    hold(None, holder_name="ann lee", holder_phone="0035988111".replace("00", "+", 1))

    [ann] = affected()

    assert (ann.quantity, ann.reseller) == (3, first)


@pytest.mark.django_db
def test_two_of_one_name_at_two_resellers_are_two_people():
    for name in ("First", "Second"):
        hold(None, reseller=client(name), holder_name="Ivan Petrov")

    assert {each.name for each in affected()} == {"Ivan Petrov (First)", "Ivan Petrov (Second)"}


@pytest.mark.django_db
def test_the_decision_maker_with_an_address_is_written_to():
    account = AccountFactory(name="Halden")
    ContactFactory(account=account, name="Anna", roles=["user"])
    ContactFactory(account=account, name="Boss without mail", roles=["decision_maker"], emails=[])
    boss = ContactFactory(account=account, name="Zora", roles=["decision_maker"], language="bg")
    hold(account)

    [only] = affected()

    assert (only.contact, only.language) == (boss, "bg")


@pytest.mark.django_db
def test_nobody_who_has_left_is_written_to():
    account = AccountFactory(name="Halden")
    ContactFactory(account=account, name="Gone", state="left")
    hold(account)

    [only] = affected()

    assert (only.contact, only.email, only.name, only.is_spared) == (None, "", "Halden", False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "is_written"),
    [("safety", True), ("data", True), ("quality", False), ("service", False)],
)
def test_safety_and_the_law_override_do_not_contact(kind, is_written):
    account = AccountFactory(name="Halden")
    asked_not = ContactFactory(account=account, name="Asked not", state="do_not_contact")
    hold(account, holder_email="somebody@halden.example")

    [only] = affected(kind)

    assert (only.contact, bool(only.email), only.is_spared) == (
        (asked_not, True, False) if is_written else (None, False, True)
    )


@pytest.mark.django_db
def test_who_may_be_asked_comes_before_who_asked_not():
    account = AccountFactory(name="Halden")
    ContactFactory(account=account, name="A", state="do_not_contact", roles=["decision_maker"])
    willing = ContactFactory(account=account, name="Willing")
    hold(account)

    assert affected()[0].contact == willing


@pytest.mark.django_db
def test_somebody_of_the_group_is_written_to_where_nobody_else_works():
    group = AccountFactory(name="Group")
    daughter = AccountFactory(name="Daughter", parent=group)
    person = ContactFactory(account=group, name="Of the group")
    person.also_at.add(daughter)
    hold(daughter)

    assert affected()[0].contact == person


@pytest.mark.django_db
def test_a_language_that_nobody_speaks_here_becomes_english():
    account = client("Far")
    account.contacts.update(language="fr")
    hold(account)

    assert affected()[0].language == "en"


@pytest.mark.django_db
def test_figures_tell_languages_of_letters_and_who_is_called():
    russian = client("Sirin")
    russian.contacts.update(language="ru")
    hold(russian, quantity=2)
    hold(client("Halden"))
    hold(None, holder_name="Boris", holder_phone="1")

    found = exposure(Notice(kind="safety", item=ITEM, batch=BATCH))

    assert found.languages == {"en": 1, "ru": 1}
    assert (found.accounts, found.end_users, found.pieces, found.to_call) == (2, 1, 4, 1)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            affected()
        return len(captured)

    hold(client("First"))
    few = queries()
    for name in ("Second", "Third"):
        hold(client(name))
        hold(None, reseller=client(f"Reseller of {name}"), holder_name=name)

    assert (queries(), few) == (3, 3)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Please stop using the adapter at once."),
        ("en", "Do not use it any more."),
        ("en", "Unplug it."),
        ("ru", "Немедленно прекратите использовать адаптер."),
        ("ru", "Не пользуйтесь им."),
        ("uk", "Припиніть користуватися адаптером."),
        ("uk", "Не використовуйте його."),
        ("bg", "Спрете да използвате адаптера."),
        ("bg", "Не го използвайте повече."),
    ],
)
def test_an_instruction_to_stop_is_recognised(language, text):
    assert tells_to_stop(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Write to us and we will use the time to call you."),
        ("ru", "Напишите нам, чтобы воспользоваться заменой."),
        ("uk", "Напишіть нам, ми скористаємося нагодою."),
        ("bg", "Пишете ни и ще използваме времето."),
    ],
)
def test_other_instructions_are_not(language, text):
    assert not tells_to_stop(text, language)
