"""Whom to call first: the formula, the list, and who may see it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.insiders import ACCESS, Standing, insider_score, loyalty
from accounts.models import Contact
from accounts.queries import insiders, people_to_call
from core.models import User
from tests.examples import example
from tests.factories import (
    AccountFactory,
    AttitudeReadingFactory,
    ContactFactory,
    DeputyshipFactory,
    UserFactory,
)

DAY = timedelta(days=1)
PEOPLE = example("E2.1")[0]["contacts"]


@st.composite
def standings(draw):
    return Standing(
        attitude=draw(st.integers(-2, 2)),
        influence=draw(st.none() | st.integers(1, 5)),
        age_days=draw(st.integers(0, 1000)),
        days_since_touch=draw(st.none() | st.integers(0, 5000)),
        roles=draw(st.sets(st.sampled_from(sorted(ACCESS)))),
    )


@pytest.fixture
def sirin(manager, talk, now):
    """Sirin Hotels with the four people of E2.1."""
    account = AccountFactory(name="Sirin Hotels", owner=manager)
    for told in PEOPLE:
        person = ContactFactory(
            account=account, name=told["name"], influence=told["influence"], roles=[told["role"]]
        )
        AttitudeReadingFactory(contact=person, value=told["attitude"], at=now - 10 * DAY)
        talk(account=account, contacts=[person], at=now - told["days_since_touch"] * DAY)
    return account


def test_e2_1_scores_are_exact():
    inputs, outputs = example("E2.1")
    scores = {
        told["name"]: insider_score(
            Standing(
                attitude=told["attitude"],
                influence=told["influence"],
                days_since_touch=told["days_since_touch"],
                roles=[told["role"]],
            )
        )
        for told in inputs["contacts"]
    }

    wanted = outputs["insider_score"]
    assert {name: score and str(score) for name, score in scores.items()} == wanted


def test_e2_2_loyalty_is_exact():
    inputs, outputs = example("E2.2")

    told = loyalty(
        Standing(
            attitude=each["attitude"],
            influence=each["influence"],
            age_days=each["reading_age_days"],
        )
        for each in inputs["contacts"]
    )

    assert str(told.index) == outputs["loyalty_index"]
    assert str(told.score) == outputs["loyalty_index_0_100"]


@pytest.mark.parametrize(
    ("person", "score"),
    [
        (Standing(attitude=0), "20.00"),
        (Standing(attitude=2, influence=5, days_since_touch=0, roles=["champion"]), "100.00"),
        (Standing(attitude=0, influence=1), "20.00"),
        (Standing(attitude=0, days_since_touch=45), "30.00"),
        (Standing(attitude=0, roles=["blocker"]), "20.00"),
        (Standing(attitude=0, roles=["blocker", "buyer"]), "23.00"),
        (Standing(attitude=0, roles=["buyer", "decision_maker"]), "26.00"),
    ],
)
def test_what_is_unknown_counts_least_and_the_nearest_part_most(person, score):
    assert insider_score(person) == Decimal(score)


@given(standings())
def test_score_is_a_share_of_a_hundred_and_nobody_against_us_has_one(person):
    score = insider_score(person)

    assert (score is None) == (person.attitude < 0)
    assert score is None or 0 <= score <= 100


@given(standings(), st.integers(0, 400))
def test_a_later_talk_never_lowers_the_score(person, days):
    said = Standing(attitude=1, days_since_touch=days)
    later = Standing(attitude=1, days_since_touch=days + 1)

    assert insider_score(said) >= insider_score(later)


@given(st.lists(standings(), max_size=6))
def test_loyalty_lies_between_the_extremes(people):
    told = loyalty(people)

    if not people:
        assert told is None
    else:
        attitudes = [person.attitude for person in people]
        assert min(attitudes) <= told.index <= max(attitudes)
        assert 0 <= told.score <= 100


@pytest.mark.parametrize(("age", "weight"), [(90, 1), (91, 0.5), (180, 0.5), (181, 0.25)])
def test_old_readings_weigh_less(age, weight):
    people = [Standing(attitude=2, age_days=age), Standing(attitude=-2, influence=4)]

    index = (2 * weight - 8) / (weight + 4)
    assert loyalty(people).index == Decimal(index).quantize(Decimal("0.0001"))


def test_j3_irina_is_called_first(sirin, manager, now):
    told = people_to_call(manager, sirin, now)

    assert [str(each.score) for each in told.loyal] == ["77.70", "70.63", "64.02"]
    assert [each.contact.name for each in told.loyal] == example("E2.1")[1]["ranking"]
    assert (told.least_negative, told.unread) == (None, 0)


def test_of_equals_the_one_talked_with_later_comes_first(account, manager, talk, now):
    for name, days in (("Anna", 400_000), ("Boris", 300_000), ("Clara", None)):
        person = ContactFactory(account=account, name=name)
        AttitudeReadingFactory(contact=person)
        if days:
            talk(contacts=[person], at=now - days * timedelta(days=1) / 100)

    ranked = insiders(manager, account, now)

    assert [each.contact.name for each in ranked] == ["Boris", "Anna", "Clara"]
    assert ranked[2].days_since_touch is None


def test_the_latest_reading_and_the_latest_talk_count(account, contact, manager, talk, now):
    AttitudeReadingFactory(contact=contact, value=-2, at=now - 5 * DAY)
    AttitudeReadingFactory(contact=contact, value=1, at=now - 2 * DAY)
    AttitudeReadingFactory(contact=contact, value=-1, at=now - 9 * DAY)
    talk(contacts=[contact], at=now - 7 * DAY)
    talk(contacts=[contact], at=now - 3 * DAY, two_way=False)
    talk(contacts=[contact], at=now + 3 * DAY)
    talk(at=now)

    (only,) = insiders(manager, account, now)

    assert (only.attitude, only.days_since_touch) == (1, 7)


@pytest.mark.parametrize("state", [Contact.State.LEFT, Contact.State.DO_NOT_CONTACT])
def test_who_may_not_be_called_is_not_ranked(account, manager, state, now):
    AttitudeReadingFactory(contact=ContactFactory(account=account, state=state), value=2)

    assert insiders(manager, account, now) == []


def test_people_of_the_group_who_work_for_the_account_are_ranked(account, child, manager, now):
    person = ContactFactory(account=account)
    person.also_at.add(child)
    AttitudeReadingFactory(contact=person, value=1)

    assert [each.contact for each in insiders(manager, child, now)] == [person]


def test_without_a_loyal_contact_one_begins_with_the_least_negative(account, manager, now):
    for name, value in (("Anna", -2), ("Boris", -1)):
        AttitudeReadingFactory(contact=ContactFactory(account=account, name=name), value=value)
    ContactFactory(account=account)

    told = people_to_call(manager, account, now)

    assert (told.loyal, told.unread) == ([], 1)
    assert told.least_negative.contact.name == "Boris"


@pytest.mark.parametrize(
    ("role", "reads"),
    [
        ("am", True), ("hk", True), ("ex", True), ("sa", False), ("te", False), ("fi", False),
        ("ad", False), ("api", False),
    ],
)  # fmt: skip
def test_only_readers_of_stake_learn_whom_to_call(people, sirin, role, reads, now):
    assert (people_to_call(people[role], sirin, now) is not None) is reads
    assert bool(insiders(people[role], sirin, now)) is reads


def test_other_managers_learn_nothing_and_a_deputy_does(sirin, stranger, manager, now):
    assert insiders(stranger, sirin, now) == []

    today = datetime.now(UTC).date()
    DeputyshipFactory(person=manager, deputy=stranger, starts_on=today - DAY, ends_on=today + DAY)
    deputy = User.objects.get(pk=stranger.pk)
    assert len(insiders(deputy, sirin, now)) == 3


@pytest.mark.django_db
def test_a_program_learns_nothing_even_of_accounts_it_is_made_to_own(now):
    program = UserFactory(roles=["api", "am"])
    account = AccountFactory(owner=program)
    AttitudeReadingFactory(contact=ContactFactory(account=account), value=2)

    assert insiders(program, account, now) == []


def test_list_costs_the_same_for_one_person_and_for_three(
    account, manager, talk, django_assert_num_queries, now
):
    for _number in range(3):
        person = ContactFactory(account=account)
        AttitudeReadingFactory(contact=person)
        talk(contacts=[person])
        with django_assert_num_queries(2):
            insiders(manager, account, now)


def page(account):
    return reverse("accounts:detail", args=[account.pk])


def test_panel_tells_whom_to_call_and_why(sign_in, manager, sirin):
    shown = sign_in(manager).get(page(sirin)).content.decode()

    for words in (
        "Whom to call first",
        "77.70",
        "+2 advocate",
        "influence 3",
        "talked 20 days ago",
    ):
        assert words in shown, words
    assert "Loyalty of the client: 66.07 of 100" in shown


def test_panel_begins_with_the_least_negative(sign_in, manager, account):
    AttitudeReadingFactory(contact=ContactFactory(account=account, name="Boris"), value=-1)

    shown = sign_in(manager).get(page(account)).content.decode()

    assert "No loyal contact; begin with the least negative:" in shown
    assert "no talk yet" in shown
    assert "influence ?" in shown


def test_panel_asks_for_a_reading_where_there_is_none(sign_in, manager, account, contact):
    shown = sign_in(manager).get(page(account)).content.decode()

    assert "Nobody has noted yet what the people there think of us" in shown


@pytest.mark.parametrize("role", ["sa", "te", "fi"])
def test_others_see_no_panel(sign_in, people, sirin, role):
    shown = sign_in(people[role]).get(page(sirin)).content.decode()

    assert "Whom to call first" not in shown
    assert "advocate" not in shown


def test_insiders_are_told_over_rest(rest, manager, sirin):
    answer = rest(manager).get(f"/api/v1/accounts/{sirin.pk}/insiders").json()

    assert [each["score"] for each in answer["insiders"]] == ["77.70", "70.63", "64.02"]
    assert answer["insiders"][0] | {"contact": ""} == {
        "contact": "", "name": "Irina, head of operations", "score": "77.70", "attitude": 2,
        "influence": 3, "days_since_touch": 20,
    }  # fmt: skip
    assert (answer["least_negative"], answer["unread"]) == (None, 0)
    assert answer["loyalty"] == "66.07"


def test_rest_says_with_whom_to_begin(rest, manager, account):
    person = AttitudeReadingFactory(contact=ContactFactory(account=account), value=-1).contact

    answer = rest(manager).get(f"/api/v1/accounts/{account.pk}/insiders").json()

    assert answer["insiders"] == []
    assert answer["least_negative"]["contact"] == str(person.pk)


def test_rest_of_an_account_without_people_is_empty(rest, manager, account):
    answer = rest(manager).get(f"/api/v1/accounts/{account.pk}/insiders").json()

    assert answer == {
        "insiders": [], "least_negative": None, "loyalty_index": None, "loyalty": None, "unread": 0,
    }  # fmt: skip


def test_rest_refuses_whoever_may_not_read_stake(rest, agent, stranger, program, sirin):
    url = f"/api/v1/accounts/{sirin.pk}/insiders"

    assert rest(agent).get(url).status_code == 403
    assert rest(stranger).get(url).status_code == 403
    assert program.get(url).status_code == 403
