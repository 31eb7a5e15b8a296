"""Informal meetings and what is spent on guests (S-8)."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Touch
from accounts.services import approve_hospitality, refuse_hospitality
from accounts.services.touch import NotInformal, ReasonMissing
from core.errors import InvalidTransition
from core.models import AuditEntry
from tests.factories import AccountFactory, UserFactory

LUNCH = {"kind": "informal_meeting", "informal_kind": "lunch"}
API = "/api/v1/interactions"


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def dine(talk):
    """Return a function that logs a lunch on which this was spent for each guest."""

    def log(value="80.00", **given):
        return talk(**LUNCH, hospitality_value=Decimal(value), **given)

    return log


@pytest.mark.parametrize(
    ("value", "currency", "state"),
    [
        ("0.00", "", "within"), ("35.00", "", "within"), ("50.00", "EUR", "within"),
        ("50.01", "EUR", "waiting"), ("5.00", "BGN", "waiting"),
    ],
)  # fmt: skip
def test_above_the_limit_or_in_another_currency_it_waits_for_a_head(dine, value, currency, state):
    touch = dine(value, hospitality_currency=currency)

    touch.refresh_from_db()
    assert (touch.hospitality_state, touch.hospitality_value) == (state, Decimal(value))
    assert touch.hospitality_currency == (currency or "EUR")


def test_the_limit_is_a_setting(dine, settings):
    settings.HOSPITALITY_LIMIT = (Decimal(100), "EUR")

    assert dine("80.00").hospitality_state == "within"


def test_a_talk_without_hospitality_stays_as_it_was(talk):
    touch = talk(hospitality_currency="EUR")

    assert (touch.hospitality_value, touch.hospitality_currency) == (None, "")
    assert (touch.hospitality_state, touch.informal_kind) == ("", "")


@pytest.mark.parametrize("fields", [{"informal_kind": "lunch"}, {"hospitality_value": Decimal(5)}])
def test_only_informal_meetings_have_hospitality(talk, fields):
    with pytest.raises(NotInformal):
        talk(kind="call", **fields)

    assert not Touch.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "call"},
        {"hospitality_currency": ""},
        {"hospitality_value": Decimal(-1)},
        {"hospitality_value": None},
        {"hospitality_state": ""},
        {"hospitality_state": "approved"},
        {"hospitality_state": "refused"},
        {"hospitality_reason": "Too much"},
    ],
)
def test_database_keeps_hospitality_whole(dine, fields):
    touch = dine()

    with pytest.raises(IntegrityError), transaction.atomic():
        Touch.objects.filter(pk=touch.pk).update(**fields)


def test_a_head_approves(dine, head, now):
    touch = approve_hospitality(actor=head, touch=dine(), now=now)

    assert (touch.hospitality_state, touch.hospitality_by) == ("approved", head)
    with pytest.raises(InvalidTransition):
        approve_hospitality(actor=head, touch=touch, now=now)


def test_a_head_refuses_and_says_why(dine, head, now):
    touch = dine()

    with pytest.raises(ReasonMissing):
        refuse_hospitality(actor=head, touch=touch, reason=" ", now=now)
    refuse_hospitality(actor=head, touch=touch, reason="A lunch is enough.", now=now)

    touch.refresh_from_db()
    assert (touch.hospitality_state, touch.hospitality_reason) == ("refused", "A lunch is enough.")


def test_what_is_within_the_limit_needs_no_approval(dine, head, now):
    with pytest.raises(InvalidTransition):
        approve_hospitality(actor=head, touch=dine("35.00"), now=now)


@pytest.mark.parametrize("role", ["am", "sa", "te", "fi", "ex", "ad"])
def test_nobody_but_heads_decides(people, dine, role, now):
    with pytest.raises(PermissionDenied):
        approve_hospitality(actor=people[role], touch=dine(), now=now)


def test_a_head_does_not_decide_on_his_own_lunch(dine, head, now):
    touch = dine(actor=head)

    with pytest.raises(PermissionDenied):
        approve_hospitality(actor=head, touch=touch, now=now)
    with pytest.raises(PermissionDenied):
        refuse_hospitality(actor=head, touch=touch, reason="No", now=now)
    other = UserFactory(roles=["hk"])
    assert approve_hospitality(actor=other, touch=touch, now=now).hospitality_by == other


def test_history_keeps_no_amount(dine):
    dine("81.37")

    changes = AuditEntry.objects.get(verb="accounts.log_touch").changes
    assert changes["hospitality_value"] == ["•••", "•••"]


@pytest.fixture
def typed():
    return {"kind": "informal_meeting", "summary": "Lunch", "two_way": "on", "direction": "out"}


def test_j3_a_lunch_is_logged_with_what_it_cost(sign_in, manager, account, typed):
    told = {
        "informal_kind": "lunch",
        "hospitality_value": "35.00",
        "client_said": "They look around",
    }

    sign_in(manager).post(
        page("log_touch", account), typed | told | {"hospitality_currency": "EUR"}
    )

    touch = Touch.objects.get()
    assert (touch.informal_kind, touch.hospitality_state) == ("lunch", "within")
    shown = text(sign_in(manager).get(page("touch", touch)))
    assert ("Lunch" in shown, "€35.00" in shown, "Within the limit" in shown) == (True, True, True)


def test_form_reminds_of_what_is_never_done(sign_in, manager, account):
    shown = text(sign_in(manager).get(page("log_touch", account)))

    assert "Hospitality is never an inducement" in shown
    assert "Never ask for confidential documents." in shown
    assert "More than €50.00 a person needs the consent" in shown


def test_form_offers_the_currency_of_the_account_and_of_the_limit(sign_in, manager):
    account = AccountFactory(owner=manager, currency="BGN")

    form = sign_in(manager).get(page("log_touch", account)).context["touch_form"]

    assert form.fields["hospitality_currency"].choices == [("BGN", "BGN"), ("EUR", "EUR")]
    assert form.fields["hospitality_currency"].initial == "BGN"


def test_what_the_page_has_hidden_is_forgotten(sign_in, manager, account, typed):
    told = {"kind": "call", "informal_kind": "lunch", "hospitality_value": "35.00"}

    answer = sign_in(manager).post(page("log_touch", account), typed | told)

    assert answer.status_code == 302
    assert Touch.objects.get().hospitality_value is None


def test_a_head_decides_on_the_page_of_the_talk(sign_in, head, manager, dine):
    touch = dine()
    window = sign_in(head)
    assert page("approve_hospitality", touch) in text(window.get(page("touch", touch)))
    assert page("approve_hospitality", touch) not in text(
        sign_in(manager).get(page("touch", touch))
    )

    answer = window.post(page("approve_hospitality", touch), {"version": touch.version})

    assert answer["Location"] == page("touch", touch)
    shown = text(window.get(page("touch", touch)))
    assert ("Approved" in shown, page("refuse_hospitality", touch) in shown) == (True, False)


def test_a_head_refuses_on_a_page_of_its_own(sign_in, head, dine):
    touch = dine()
    window = sign_in(head)
    typed = {"version": touch.version, "reason": "Too much for a lunch"}
    assert window.get(page("refuse_hospitality", touch)).status_code == 200

    window.post(page("refuse_hospitality", touch), typed)

    assert "Too much for a lunch" in text(window.get(page("touch", touch)))
    assert window.post(page("refuse_hospitality", touch), typed).status_code in {409, 412}


def test_lunch_is_logged_and_decided_over_rest(rest, manager, head, account):
    body = {"account": str(account.pk), "summary": "Lunch", **LUNCH}
    body["hospitality"] = {"amount": "80.00", "currency": "EUR"}

    made = rest(manager).post(API, body)

    assert made.json()["hospitality"] == {"amount": "80.00", "currency": "EUR"}
    assert made.json()["hospitality_state"] == "waiting"
    url, seen = f"{made['Location']}/approve-hospitality", {"If-Match": made["ETag"]}
    assert rest(manager).post(url, headers=seen).status_code == 403
    assert rest(head).post(url, headers=seen).json()["hospitality_state"] == "approved"


def test_hospitality_is_refused_over_rest(rest, head, dine):
    touch = dine()
    url, seen = f"{API}/{touch.pk}/refuse-hospitality", {"If-Match": '"1"'}

    assert rest(head).post(url, {"reason": ""}, headers=seen).status_code == 400
    answer = rest(head).post(url, {"reason": "Too much"}, headers=seen)

    assert answer.json()["hospitality_reason"] == "Too much"
    again = rest(head).post(url, {"reason": "Too much"}, headers={"If-Match": answer["ETag"]})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize("hospitality", [None, {"amount": "1.00", "currency": "EUR"}])
def test_hospitality_may_be_absent_over_rest(rest, manager, account, hospitality):
    body = {"account": str(account.pk), "summary": "Call", "hospitality": hospitality}

    answer = rest(manager).post(API, body)

    if hospitality:
        assert (answer.status_code, answer.json()["code"]) == (409, "not_informal")
    else:
        assert answer.json()["hospitality"] is None


@pytest.mark.parametrize(("role", "reads"), [("sa", True), ("fi", True), ("api", False)])
def test_programs_hear_nothing_of_hospitality(people, rest, program, dine, role, reads):
    touch = dine()
    client = program if role == "api" else rest(people[role])

    shown = client.get(f"{API}/{touch.pk}").json()

    assert ("hospitality" in shown, "hospitality_state" in shown) == (reads, reads)
    assert "client_said" not in shown
