"""Who holds what: noted, found by batch, returned."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import services
from accounts.models import ClientLimit, Holding
from accounts.queries import holders_of
from accounts.services.holding import HolderMissing, ResellsToHimself, ReturnedTooEarly
from core.errors import InvalidTransition
from core.models import AuditEntry
from tests.conftest import HTMX
from tests.factories import AccountFactory, HoldingFactory

API = "/api/v1/holdings"
LIST = "/accounts/holdings/"
DAY = timedelta(days=1)
PLAIN = {"item": "Power adapter", "delivered_on": date(2026, 1, 15)}


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


def at(row):
    return {"If-Match": f'"{row.version}"'}


@pytest.fixture
def add(manager, account, now):
    """Return a function that notes a delivery to the account."""

    def note(actor=manager, **fields):
        return services.add_holding(
            actor=actor, fields={**PLAIN, "account": account, **fields}, now=now
        )

    return note


@pytest.fixture
def reseller(manager):
    return AccountFactory(name="Halden Foods", owner=manager, language="bg")


def test_delivery_stands_in_the_story_of_its_holder(add, account, manager):
    holding = add(batch="PA-12/25", quantity=4)

    entry = AuditEntry.objects.get(verb="accounts.add_holding")
    assert (entry.account_id, entry.label) == (account.pk, "Power adapter PA-12/25")
    assert entry.says == "Noted a delivery: Power adapter PA-12/25"
    assert (holding.holder, holding.language) == (account.name, "en")


def test_delivery_to_an_end_user_stands_in_the_story_of_the_reseller(add, reseller):
    holding = add(account=None, reseller=reseller, holder_name="Rada Lipova", note="Corner shop")

    entry = AuditEntry.objects.get(verb="accounts.add_holding")
    assert entry.account_id == reseller.pk
    assert "Rada" not in str(entry.changes)
    assert (holding.holder, holding.language, holding.parent) == ("Rada Lipova", "bg", reseller)


def test_a_holder_nobody_knows_more_of_has_no_story_and_speaks_his_own_language(agent, add):
    holding = add(actor=agent, account=None, holder_name="Piet", holder_language="uk")

    assert AuditEntry.objects.get(verb="accounts.add_holding").account_id is None
    assert (holding.language, Holding(holder_name="Piet").language) == ("uk", "")


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"account": None}, HolderMissing), ({"account": None, "holder_name": " "}, HolderMissing)],
)
def test_somebody_must_hold_it(agent, add, fields, error):
    with pytest.raises(error):
        add(actor=agent, **fields)

    assert not Holding.objects.exists()


def test_nobody_resells_to_himself(add, account):
    with pytest.raises(ResellsToHimself):
        add(reseller=account)


@pytest.mark.parametrize(
    "fields",
    [
        {"account": None}, {"quantity": 0}, {"item": ""}, {"returned_on": date(2026, 1, 14)},
    ],
)  # fmt: skip
def test_database_keeps_deliveries_whole(account, fields):
    holding = HoldingFactory(account=account)

    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.filter(pk=holding.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.filter(pk=holding.pk).update(reseller=account)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("am", True), ("sa", True), ("hk", True), ("te", True), ("fi", False), ("ex", False),
        ("ad", False), ("api", False),
    ],
)  # fmt: skip
def test_who_may_note_a_delivery(people, add, role, may):
    if may:
        assert add(actor=people[role]).pk
    else:
        with pytest.raises(PermissionDenied):
            add(actor=people[role])


def test_another_manager_may_not(add, stranger, now):
    with pytest.raises(PermissionDenied):
        add(actor=stranger)
    with pytest.raises(PermissionDenied):
        add(actor=stranger, account=None, holder_name="Piet")
    with pytest.raises(PermissionDenied):
        services.return_holding(
            actor=stranger, holding=add(), returned_on=date(2026, 2, 1), now=now
        )


def test_delivery_is_corrected_and_found_by_its_new_batch(add, manager, now):
    holding = add(batch="PA-12/25")

    services.edit_holding(actor=manager, holding=holding, fields={"batch": "PA-13/25"}, now=now)

    assert list(holders_of("pa-13/25")) == [holding]
    assert not holders_of("PA-12/25")


def test_delivery_is_passed_on_second_hand(add, manager, account, now):
    holding = add()
    passed = {"account": None, "reseller": account, "holder_name": "Piet", "passed_on": True}

    services.edit_holding(actor=manager, holding=holding, fields=passed, now=now)

    holding.refresh_from_db()
    assert (holding.holder, holding.parent, holding.passed_on) == ("Piet", account, True)


def test_unknown_fields_are_a_mistake_of_ours(add):
    with pytest.raises(TypeError, match="colour"):
        add(colour="red")


def test_what_came_back_is_told_of_no_more(add, manager, now):
    holding = add(batch="PA-12/25")
    back = {"actor": manager, "holding": holding, "now": now}

    with pytest.raises(ReturnedTooEarly):
        services.return_holding(returned_on=date(2026, 1, 14), **back)
    services.return_holding(returned_on=date(2026, 1, 20), **back)

    assert not holders_of("PA-12/25")
    entry = AuditEntry.objects.get(verb="accounts.return_holding")
    assert entry.says == "Came back on 20 January 2026: Power adapter PA-12/25"
    with pytest.raises(InvalidTransition):
        services.return_holding(returned_on=date(2026, 1, 21), **back)


@pytest.mark.parametrize("words", ["PA-12/25", "pa-12/25", " pa - 12 / 25 ", "РА-12/25"])
def test_batch_is_found_in_any_case_spacing_and_with_cyrillic_letters(account, words):
    holding = HoldingFactory(account=account)
    HoldingFactory(account=account, batch="PA-12/26")

    assert list(holders_of(words)) == [holding]


def test_item_is_found_whatever_its_batch(account):
    found = [HoldingFactory(account=account, batch=batch) for batch in ("", "PA-12/25")]
    HoldingFactory(account=account, item="Till")

    assert list(holders_of(item="power  ADAPTER")) == found


def test_with_both_those_whose_batch_nobody_noted_are_warned_too(account):
    named = HoldingFactory(account=account)
    unnoted = HoldingFactory(account=account, batch="")
    HoldingFactory(account=account, batch="PA-13/25")
    HoldingFactory(account=account, item="Till", batch="")

    assert set(holders_of("PA-12/25", "Power adapter")) == {named, unnoted}


@pytest.mark.parametrize("words", ["", "  ", "ь"])
def test_nothing_asked_is_nobody_found(account, words):
    HoldingFactory(account=account, batch="", item="Till")

    assert list(holders_of(words, words)) == []


def test_j8_exposure_finds_the_end_user_behind_a_reseller(
    account, reseller, django_assert_num_queries
):
    HoldingFactory(account=account)
    HoldingFactory(account=None, reseller=reseller, holder_name="Rada Lipova")
    HoldingFactory(account=account, returned_on=date(2026, 2, 1))

    with django_assert_num_queries(1):
        told = [(row.holder, row.reseller and row.reseller.name) for row in holders_of("PA-12/25")]

    assert sorted(told) == [("Borea Retail Group", None), ("Rada Lipova", "Halden Foods")]


def test_programs_see_what_is_held_at_or_through_their_accounts(people, account, reseller):
    own, through = (
        HoldingFactory(account=account),
        HoldingFactory(account=None, holder_name="A", reseller=account),
    )
    HoldingFactory(account=reseller)
    HoldingFactory(account=None, holder_name="B")
    ClientLimit.objects.create(user=people["api"], account=account)

    assert set(Holding.objects.visible_to(people["api"])) == {own, through}
    assert Holding.objects.visible_to(people["sa"]).count() == 4
    assert not Holding.objects.visible_to(people["ad"]).exists()


def test_panel_shows_own_and_resold_deliveries_but_not_what_came_back(
    sign_in, manager, account, reseller
):
    HoldingFactory(account=account, item="Till", reseller=reseller)
    HoldingFactory(account=None, reseller=account, holder_name="Rada Lipova", item="Printer")
    HoldingFactory(account=account, item="Kiosk", returned_on=date(2026, 2, 1))

    shown = text(sign_in(manager).get(page("detail", account)))

    for words in ("What they hold", "Till", "Printer", "through Halden Foods", "at Rada Lipova"):
        assert words in shown, words
    assert "Kiosk" not in shown


def test_panel_is_for_readers_of_cases(sign_in, admin, account):
    HoldingFactory(account=account, item="Till")

    assert "Till" not in text(sign_in(admin).get(page("detail", account)))
    assert sign_in(admin).get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("", ["Till", "Printer"]),
        ("?q=TI", ["Till"]),
        ("?q=b-2", ["Printer"]),
        ("?returned=on", ["Kiosk"]),
        ("?q=kiosk", []),
        ("?account={account}", ["Till"]),
        ("?account={account}&returned=on", ["Kiosk"]),
        ("?account=nonsense", ["Till", "Printer"]),
    ],
)
def test_list_is_searched_and_filtered(sign_in, manager, account, query, items):
    HoldingFactory(item="Printer", batch="B-2", delivered_on=date(2025, 1, 1))
    HoldingFactory(account=account, item="Till")
    HoldingFactory(account=account, item="Kiosk", returned_on=date(2026, 2, 1))

    shown = sign_in(manager).get(LIST + query.format(account=account.pk))

    assert [row.item for row in shown.context["page"].rows] == items


def test_list_swaps_its_rows_and_says_what_to_do_when_it_is_empty(sign_in, manager):
    part = sign_in(manager).get(LIST, headers=HTMX)

    assert "<html" not in text(part)
    assert "No deliveries here" in text(part)


@pytest.mark.parametrize("url", [LIST, "detail", API])
def test_lists_cost_the_same_for_one_delivery_and_for_three(
    sign_in, rest, manager, account, reseller, query_count, url
):
    window = rest(manager) if url == API else sign_in(manager)
    url = page("detail", account) if url == "detail" else url

    def grow():
        HoldingFactory(account=account, reseller=reseller)

    grow()
    one = query_count(window, url)
    grow()
    grow()
    assert query_count(window, url) == one


@pytest.fixture
def typed(account):
    return {
        "item": "Till", "batch": "T-1", "quantity": "2", "delivered_on": "2026-01-15",
        "account": account.pk,
    }  # fmt: skip


def test_delivery_is_noted_from_the_page_of_the_account(sign_in, manager, account, typed):
    window = sign_in(manager)
    form = window.get(page("add_holding", account))
    assert form.context["form"].initial["account"] == account.pk

    answer = window.post(page("add_holding", account), typed, headers=HTMX)

    assert answer["HX-Redirect"] == page("detail", account)
    assert Holding.objects.get().quantity == 2


def test_refusals_stand_in_the_form(sign_in, agent, account, typed):
    window = sign_in(agent)

    refused = window.post(page("add_holding", account), typed | {"account": ""})
    invalid = window.post(page("add_holding", account), typed | {"quantity": "0"})

    assert refused.status_code == 409
    assert "Say who holds it" in text(refused)
    assert invalid.status_code == 422


def test_delivery_is_corrected_and_returned_on_its_page(sign_in, manager, account, typed, add):
    holding, window = add(), sign_in(manager)
    shown = text(window.get(page("holding", holding)))
    assert (page("edit_holding", holding) in shown, page("return_holding", holding) in shown) == (
        True,
        True,
    )
    assert "Noted a delivery" in shown

    edit = typed | {"version": holding.version, "note": "Spare"}
    assert window.get(page("edit_holding", holding)).status_code == 200
    answer = window.post(page("edit_holding", holding), edit)
    assert answer["Location"] == page("holding", holding)
    holding.refresh_from_db()
    back = {"version": holding.version, "returned_on": "2026-02-01"}
    window.post(page("return_holding", holding), back)

    holding.refresh_from_db()
    assert (holding.item, holding.note, holding.returned_on) == ("Till", "Spare", date(2026, 2, 1))
    assert page("return_holding", holding) not in text(window.get(page("holding", holding)))


def test_readers_see_the_delivery_without_buttons(sign_in, executive, add):
    holding = add(holder_email="rada@lipa.example", holder_phone="+359 88", note="At the till")
    window = sign_in(executive)
    shown = text(window.get(page("holding", holding)))

    assert ("mailto:rada@lipa.example" in shown, "At the till" in shown) == (True, True)
    assert page("edit_holding", holding) not in shown
    for name in ("edit_holding", "return_holding"):
        assert window.get(page(name, holding)).status_code == 403
    assert window.get(page("add_holding", holding.account)).status_code == 403


def test_delivery_is_noted_changed_and_returned_over_rest(rest, manager, account, reseller):
    client = rest(manager)
    body = {"item": "Till", "delivered_on": "2026-01-15", "account": str(account.pk)}

    made = client.post(API, body)
    assert (made.status_code, made.json()["quantity"], made.json()["returned_on"]) == (201, 1, None)

    url, seen = made["Location"], {"If-Match": made["ETag"]}
    changed = client.patch(url, {"reseller": str(reseller.pk)}, headers=seen)
    assert (changed.json()["reseller"], changed.json()["item"]) == (str(reseller.pk), "Till")
    seen = {"If-Match": changed["ETag"]}
    returned = client.post(f"{url}/return", {"returned_on": "2026-02-01"}, headers=seen)
    assert returned.json()["returned_on"] == "2026-02-01"


@pytest.mark.parametrize(
    ("body", "code"),
    [({"account": None}, "holder_missing"), ({"reseller": "account"}, "resells_to_himself")],
)
def test_rest_refuses_with_stable_codes(rest, agent, account, body, code):
    whole = {"item": "Till", "delivered_on": "2026-01-15", "account": str(account.pk)} | body
    whole = {
        name: str(account.pk) if value == "account" else value for name, value in whole.items()
    }

    answer = rest(agent).post(API, whole)

    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_rest_filters_by_batch_item_holder_and_return(rest, manager, account, reseller):
    till = HoldingFactory(account=account, item="Till", batch="T 1")
    resold = HoldingFactory(reseller=reseller, returned_on=date(2026, 2, 1))
    client = rest(manager)

    def found(query):
        return [row["id"] for row in client.get(f"{API}?{query}").json()["results"]]

    assert (
        found("batch=t1") == found("item=TILL") == found(f"account={account.pk}") == [str(till.pk)]
    )
    assert found(f"reseller={reseller.pk}") == found("returned=true") == [str(resold.pk)]
    assert found("returned=false") == [str(till.pk)]
    assert client.get(f"{API}/{till.pk}").json()["batch"] == "T 1"


def test_a_program_reads_and_notes_nothing(program, account):
    HoldingFactory(account=account)
    body = {"item": "Till", "delivered_on": "2026-01-15", "account": str(account.pk)}

    assert len(program.get(API).json()["results"]) == 1
    assert program.post(API, body).status_code == 403
