"""From a lead to a client by a signed contract, and what the client earns us."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from accounts import services
from accounts.models import Account
from accounts.services.account import NotToBeSigned, SignedInTheFuture
from accounts.texts import team_text
from core.history import visible_history
from core.models import AuditEntry
from core.rest.serializers import EntryOutput
from tests.factories import NOON, AccountFactory

API = "/api/v1/accounts"
TODAY = NOON.date()
COST = [("am", True), ("hk", True), ("fi", True), ("ex", True), ("sa", False), ("te", False)]


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


def at(row):
    return {"If-Match": f'"{row.version}"'}


@pytest.fixture
def lead(manager):
    return AccountFactory(name="Ostrov Pharma", owner=manager, stage="lead", client_since=None)


@pytest.fixture
def sign(manager, lead, now):
    """Return a function that records the signed contract of the lead."""

    def record(actor=manager, signed_on=TODAY, account=lead):
        return services.sign_contract(
            actor=actor, account=account, number="K-17", signed_on=signed_on, now=now
        )

    return record


@pytest.mark.parametrize("stage", ["lead", "prospect_accepted"])
def test_a_signed_lead_is_a_client_from_that_day(sign, lead, stage):
    Account.objects.update(stage=stage)

    sign(signed_on=TODAY - timedelta(days=3))

    lead.refresh_from_db()
    assert (lead.stage, lead.client_since) == ("client", date(2026, 2, 27))
    entry = AuditEntry.objects.get(verb="accounts.sign_contract")
    assert entry.says == "Recorded the signed contract K-17 of 27 February 2026"


@pytest.mark.parametrize(
    ("stage", "says"),
    [("client", "a client already"), ("former", "Win it back"), ("declined", "a lead again")],
)
def test_others_cannot_be_signed(sign, manager, stage, says):
    account = AccountFactory(owner=manager, stage=stage)

    with pytest.raises(NotToBeSigned, match=says):
        sign(account=account)


def test_nothing_is_signed_before_the_day_has_come_at_the_client(sign, lead):
    # It is noon in Sofia and past midnight on Kiritimati.
    with pytest.raises(SignedInTheFuture):
        sign(signed_on=TODAY + timedelta(days=1))

    Account.objects.update(time_zone="Pacific/Kiritimati")
    assert sign(signed_on=TODAY + timedelta(days=1)).is_client


@pytest.mark.parametrize("role", ["sa", "te", "ex", "ad", "api"])
def test_who_may_not_record_a_contract(people, sign, role):
    with pytest.raises(PermissionDenied):
        sign(actor=people[role])


@pytest.mark.parametrize("role", ["am", "hk", "fi"])
def test_who_may_record_a_contract(people, sign, role):
    assert sign(actor=people[role]).is_client


def test_another_manager_may_not(sign, stranger):
    with pytest.raises(PermissionDenied):
        sign(actor=stranger)


def test_j2_contract_is_recorded_on_the_page_and_the_standard_appears(sign_in, manager, lead):
    window = sign_in(manager)
    before = text(window.get(page("detail", lead)))
    assert (page("sign_contract", lead) in before, "we choose to please" in before) == (True, False)
    assert window.get(page("sign_contract", lead)).status_code == 200

    typed = {"version": lead.version, "number": "K-17", "signed_on": TODAY}
    window.post(page("sign_contract", lead), typed)

    after = text(window.get(page("detail", lead)))
    assert (page("sign_contract", lead) in after, "we choose to please" in after) == (False, True)
    assert "House standard" in after
    assert "Stage: Lead → Client" in after


def test_the_page_refuses_in_words(sign_in, manager, account):
    typed = {"version": account.version, "number": "K-17", "signed_on": TODAY}

    answer = sign_in(manager).post(page("sign_contract", account), typed)

    assert answer.status_code == 409
    assert "This company is a client already" in text(answer)


def test_others_get_no_button_and_no_page(sign_in, agent, lead):
    window = sign_in(agent)

    assert page("sign_contract", lead) not in text(window.get(page("detail", lead)))
    assert window.get(page("sign_contract", lead)).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "to please"), ("ru", "нравиться"), ("uk", "подобатися"), ("bg", "харесваме")],
)
def test_the_standard_stands_in_the_readers_language(sign_in, manager, account, language, words):
    manager.language = language
    manager.save()

    assert words in team_text("standard_line", language)
    with translation.override(language):
        assert words in text(sign_in(manager).get(page("detail", account)))


def test_contract_is_recorded_over_rest(rest, manager, agent, lead):
    url, body = f"{API}/{lead.pk}/sign-contract", {"number": "K-17", "signed_on": str(TODAY)}

    assert rest(agent).post(url, body, headers=at(lead)).status_code == 403
    signed = rest(manager).post(url, body, headers=at(lead))
    assert (signed.json()["stage"], signed.json()["client_since"]) == ("client", str(TODAY))
    again = rest(manager).post(url, body, headers={"If-Match": signed["ETag"]})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_a_program_hears_of_the_contract(program, sign, lead):
    sign()

    told = program.get(f"{API}/{lead.pk}/timeline").json()["results"]
    assert [entry["verb"] for entry in told] == ["accounts.sign_contract"]


@pytest.fixture
def earn(manager, account, now):
    """Return a function that says what the account earns us in a year."""

    def say(amount="4200.00", actor=manager):
        margin = None if amount is None else Decimal(amount)
        return services.set_annual_margin(
            actor=actor, account=account, annual_margin=margin, now=now
        )

    return say


def test_margin_is_set_and_forgotten(earn, account):
    earn("4200.00")
    account.refresh_from_db()
    assert account.annual_margin == Decimal("4200.00")

    earn(None)
    account.refresh_from_db()
    assert account.annual_margin is None


@pytest.mark.parametrize("role", ["sa", "te", "ex", "ad", "api"])
def test_who_may_not_set_the_margin(people, earn, role):
    with pytest.raises(PermissionDenied):
        earn(actor=people[role])


@pytest.mark.parametrize("role", ["hk", "fi"])
def test_who_may_set_the_margin(people, earn, role):
    assert earn(actor=people[role]).annual_margin == Decimal("4200.00")


def test_another_manager_neither_sets_nor_reads_the_margin(sign_in, stranger, earn, account):
    earn("9876.50")

    with pytest.raises(PermissionDenied):
        earn(actor=stranger)
    assert "9,876" not in text(sign_in(stranger).get(page("detail", account)))


@pytest.mark.parametrize(("role", "reads"), COST)
def test_margin_is_on_the_page_for_readers_of_cost(people, sign_in, earn, account, role, reads):
    earn("9876.50")

    shown = text(sign_in(people[role]).get(page("detail", account)))

    assert ("€9,876.50" in shown) is reads
    assert ("What the client earns us" in shown) is reads


@pytest.mark.parametrize(("role", "reads"), [*COST, ("ad", False), ("api", False)])
def test_margin_is_told_over_rest_to_readers_of_cost(people, rest, earn, account, role, reads):
    earn("9876.50")
    client = rest(people[role])

    shown = client.get(f"{API}/{account.pk}").json()
    listed = client.get(API).json()["results"][0]

    assert shown.get("annual_margin") == (
        {"amount": "9876.50", "currency": "EUR"} if reads else None
    )
    assert ("annual_margin" in shown) is reads
    assert "annual_margin" not in listed


@pytest.mark.parametrize(("role", "reads"), [*COST, ("ad", False), ("api", False)])
def test_history_tells_the_margin_to_readers_of_cost_only(people, earn, role, reads):
    earn("9876.50")

    entries = AuditEntry.objects.filter(visible_history(people[role]))
    assert ("9876.50" in str(EntryOutput(entries, many=True).data)) is reads


def test_margin_is_set_on_a_page_of_its_own(sign_in, manager, account):
    window = sign_in(manager)
    assert "Yearly margin, EUR" in text(window.get(page("set_annual_margin", account)))

    window.post(
        page("set_annual_margin", account), {"version": account.version, "annual_margin": "-5.00"}
    )

    account.refresh_from_db()
    assert account.annual_margin == Decimal("-5.00")


def test_margin_of_others_has_no_page(sign_in, agent, account):
    assert sign_in(agent).get(page("set_annual_margin", account)).status_code == 403


def test_margin_is_set_over_rest(rest, people, account):
    url = f"{API}/{account.pk}/set-annual-margin"

    answer = rest(people["fi"]).post(url, {"annual_margin": "120000.00"}, headers=at(account))
    assert answer.json()["annual_margin"] == {"amount": "120000.00", "currency": "EUR"}

    seen = {"If-Match": answer["ETag"]}
    assert rest(people["fi"]).post(url, {"annual_margin": "NaN"}, headers=seen).status_code == 400
    assert rest(people["sa"]).post(url, {"annual_margin": "1"}, headers=seen).status_code == 403
    unknown = rest(people["fi"]).post(url, {"annual_margin": None}, headers=seen)
    assert unknown.json()["annual_margin"] is None
