"""The proposal builder: terms typed, rows added, the past beside each promise."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from complaints.models import Complaint
from core.models import User
from sla import services
from sla.models import Clock, Contract
from sla.services import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow, Terms
from sla.services.terms import DEFAULT_BANDS
from tests.conftest import HTMX
from tests.factories import AccountFactory, UserFactory
from tests.sla.contracts import in_force, terms
from tests.sla.typed import typed

HOUR = timedelta(hours=1)
A_CHOICE = {"calendar", "p2-resolution_unit", "step-0-who"}
"""Fields that cannot show what is not on their list."""


def page(name, *args):
    return reverse(f"sla:{name}", args=args)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def blank(sign_in, manager, account, now):
    """What an untouched page for a new draft would send."""
    address = page("draft", account.pk)
    return typed(sign_in(manager).get(address), address)


@pytest.fixture
def rich(account, people):
    """Terms with at least one row of everything."""
    return terms(
        account,
        ends_on=date(2027, 2, 28),
        scope="Kiosk service",
        covers_children=True,
        auto_renew=True,
        notice_days=45,
        monthly_fee=Decimal("4800.00"),
        review_every=2,
        monthly_cap_percent=Decimal("12.5"),
        targets=(
            TargetRow("p1", "workaround", 90, around_the_clock=True),
            TargetRow("p2", "first_response", 120, attainment_percent=Decimal("97.5")),
            TargetRow("p2", "resolution", 480),
            TargetRow("p3", "update", 240, around_the_clock=True),
            TargetRow("p2", "resolution", 300, category="safety"),
        ),
        scope_items=(
            ScopeRow("Visits", Decimal("10.5"), "visits", "month", "Sundays"),
            ScopeRow("Hotline"),
        ),
        exclusions=(ExclusionRow("client_delay"), ExclusionRow("agreed_maintenance", "Sundays")),
        bands=(BandRow("update", Decimal(0), Decimal("80.5"), Decimal(3)),),
        steps=(
            StepRow("notify", percent=75, hearer="manager", any_hour=True),
            StepRow("reassign", minutes_from_due=60, person=people["te"], priority="p2"),
            StepRow(
                "raise", minutes_from_due=-30, hearer="head", metric="resolution",
                repeat_minutes=90, repeat_limit=2,
            ),
        ),
    )  # fmt: skip


def parts_of(written):
    """Return terms with their rows in one order, to be compared."""
    return replace(
        written, targets=tuple(sorted(written.targets, key=str)),
        exclusions=tuple(sorted(written.exclusions, key=str)),
    )  # fmt: skip


def test_an_untouched_page_saves_the_terms_it_shows(sign_in, manager, head, account, now, rich):
    contract = services.draft_contract(actor=head, account=account, terms=rich, now=now)
    browser, address = sign_in(manager), page("edit", contract.pk)

    answer = browser.post(address, typed(browser.get(address), address))

    assert answer["Location"] == page("detail", contract.pk)
    assert parts_of(Terms.of(Contract.objects.get())) == parts_of(rich)


def test_draft_reaches_the_service(sign_in, manager, account, now, blank):
    told = {"p2-first_response_number": "1", "category": "7", "category-7-priority": "p3",
            "category-7-category": "billing", "category-7-update_number": "90",
            "category-7-update_unit": "minutes"}  # fmt: skip

    answer = sign_in(manager).post(page("draft", account.pk), blank | told)

    contract = Contract.objects.get()
    assert answer["Location"] == page("detail", contract.pk)
    assert (contract.drafted_by, contract.starts_on) == (manager, date(2026, 3, 2))
    assert Terms.of(contract).targets == (
        TargetRow("p2", "first_response", 60),
        TargetRow("p3", "update", 90, category="billing"),
    )
    assert Terms.of(contract).bands == DEFAULT_BANDS


def test_a_draft_begins_with_the_accounts_calendar_currency_and_day(blank, account):
    assert blank["calendar"] == [str(account.calendar_id)]
    assert (blank["starts_on"], blank["currency"]) == (["2026-03-02"], ["EUR"])


def test_draft_for_a_foreign_client_is_forbidden_and_for_none_not_found(sign_in, stranger, account):
    browser = sign_in(stranger)

    for name in ("draft", "likely"):
        assert browser.post(page(name, account.pk)).status_code == 403
        assert browser.post(page(name, account.owner_id)).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"p2-resolution_number": "30", "p2-resolution_unit": "minutes"}, 409,
         "longer than the resolution"),
        ({"p2-resolution_number": "-1"}, 422, "greater than or equal to 1"),
        ({"p2-resolution_unit": "weeks"}, 422, "not one of the available choices"),
        ({"starts_on": "yesterday"}, 422, "Enter a valid date"),
        ({"ends_on": "2026-02-01"}, 409, "ends before it starts"),
        ({"currency": "euro"}, 422, "Three capital letters"),
        ({"monthly_fee": "-1"}, 422, "greater than or equal to 0"),
        ({"monthly_fee": "NaN"}, 422, "Enter a number"),
        ({"calendar": str(uuid4())}, 422, "not one of the available choices"),
        ({"category": "0", "category-0-update_number": "2"}, 422, "Choose the category"),
        ({"service": "0", "service-0-quantity": "2"}, 422, "This field is required"),
        ({"step": "0", "step-0-number": "75", "step-0-moment": "percent",
          "step-0-action": "notify"}, 409, "Say who hears of the step"),
        ({"step": "0", "step-0-number": "75", "step-0-who": "everybody"}, 422,
         "not one of the available choices"),
        ({"band": "9", "band-9-metric": "update", "band-9-from_percent": "50",
          "band-9-to_percent": "40", "band-9-credit_percent": "1"}, 409, "runs upwards"),
    ],
)  # fmt: skip
def test_a_refused_draft_says_why_and_loses_nothing(
    sign_in, manager, account, now, blank, change, status, words
):
    told = {"p2-first_response_number": "1", "scope": "Kiosks <b>"} | change
    answer = sign_in(manager).post(page("draft", account.pk), blank | told, headers=HTMX)

    again = typed(answer, page("draft", account.pk))
    assert answer.status_code == status
    assert words in text_of(answer)
    assert {name: again[name] for name in told if name not in A_CHOICE} == {
        name: [value] for name, value in told.items() if name not in A_CHOICE
    }
    assert not Contract.objects.exists()


@pytest.mark.parametrize("name", ["category", "service", "band", "step"])
def test_a_row_is_added_and_taken_away_without_saving(sign_in, manager, account, blank, name):
    browser, address = sign_in(manager), page("draft", account.pk)
    before = blank.get(name, [])

    more = browser.post(address, blank | {"add": name})
    shown = typed(more, address)
    fewer = browser.post(address, shown | {"take_away": f"{name}-{shown[name][0]}"})

    assert (more.status_code, fewer.status_code) == (200, 200)
    assert shown[name] == [*before, str(len(before))]
    assert typed(fewer, address).get(name, []) == shown[name][1:]
    assert not Contract.objects.exists()


def test_an_added_row_shows_what_is_usual_and_is_no_row_while_nothing_is_typed(
    sign_in, manager, account, now, blank
):
    browser, address = sign_in(manager), page("draft", account.pk)
    shown = typed(browser.post(address, blank | {"add": "step"}), address)

    browser.post(address, shown | {"p2-first_response_number": "1"})

    assert (shown["step-0-moment"], shown["step-0-again_unit"]) == (["percent"], ["hours"])
    assert Terms.of(Contract.objects.get()).steps == ()


def test_rows_without_end_are_cut(sign_in, manager, account, blank):
    browser, address = sign_in(manager), page("draft", account.pk)
    numbers = ["-1", "²", "x", "1234", "7", *map(str, range(300))]

    shown = typed(browser.post(address, blank | {"step": numbers, "add": "step"}), address)

    assert shown["step"] == ["7", *map(str, range(7)), "8", "9"]


def test_all_rows_that_can_be_added_fit_into_one_request(
    sign_in, manager, account, blank, settings
):
    browser, address = sign_in(manager), page("draft", account.pk)
    names = {"category": 8, "service": 15, "band": 12, "step": 10}
    full = {name: [str(number) for number in range(100, 130)] for name in names}

    answer = browser.post(address, blank | full | {"recalculate": "1"})

    shown = typed(answer, address)
    assert {name: len(shown[name]) for name in names} == names
    assert 'name="add"' not in text_of(answer)
    assert sum(map(len, shown.values())) + 20 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_recalculate_draws_again_without_saving(sign_in, manager, account, blank):
    told = blank | {"p2-first_response_number": "1", "recalculate": "1"}

    answer = sign_in(manager).post(page("draft", account.pk), told)

    assert answer.status_code == 200
    assert "You call, we answer within 1 working hour; " in text_of(answer)
    assert not Contract.objects.exists()


@pytest.fixture
def past(account, now):
    """Twenty answers to P2 in the last months, 17 of them within an hour."""
    kind = ContentType.objects.get_for_model(Complaint)
    Clock.objects.bulk_create(
        Clock(
            account=account, subject_type=kind, subject_id=uuid4(), metric="first_response",
            priority="p2", target=2 * HOUR, calendar_version_id=account.calendar.current_id,
            state="met", started_at=now - (number + 2) * HOUR, due_at=now, stopped_at=now - HOUR,
            used=HOUR if number < 17 else 1.5 * HOUR,
        )
        for number in range(20)
    )  # fmt: skip


def test_beside_each_promise_stands_how_it_would_have_gone(sign_in, manager, account, past, blank):
    told = blank | {"p2-first_response_number": "1"}

    answer = text_of(sign_in(manager).post(page("likely", account.pk), told, headers=HTMX))

    cell = answer.partition('id="outlook-p2-first_response_number" hx-swap-oob="true"')[2]
    assert "85.00\u00a0% (17 of 20)" in cell.partition("</div>")[0]
    assert "9 of 10 in 1 hr 30 min" in cell.partition("</div>")[0]
    assert "needs approval" in cell.partition("</div>")[0]
    assert "You call, we answer within 1 working hour; " in answer
    assert "<html" not in answer


def test_too_few_cases_are_not_judged(sign_in, manager, account, past):
    Clock.objects.filter(pk__in=list(Clock.objects.values_list("pk", flat=True)[:11])).delete()

    shown = text_of(sign_in(manager).get(page("draft", account.pk)))

    assert "too few to judge" in shown
    assert "9 of 10 in" not in shown


def test_half_typed_nonsense_still_previews(sign_in, manager, account, blank):
    told = blank | {
        "p2-first_response_number": "x", "starts_on": "", "calendar": "", "step": "0",
        "step-0-number": "9" * 300, "monthly_fee": "1e999",
    }  # fmt: skip

    answer = sign_in(manager).post(page("likely", account.pk), told, headers=HTMX)

    assert answer.status_code == 200
    assert "You call, we answer within 2 working hours; " in text_of(answer)


def test_what_is_typed_is_shown_as_text(sign_in, manager, account, blank):
    told = blank | {"service": "0", "service-0-service": "<script>alert(1)</script>", "add": "step"}

    answer = text_of(sign_in(manager).post(page("draft", account.pk), told))

    assert "<script>alert" not in answer
    assert "&lt;script&gt;alert(1)" in answer


def test_history_prefills_a_proposal(sign_in, manager, account, past, now):
    Clock.objects.update(used=HOUR)
    address = f"{page('draft', account.pk)}?{urlencode({'prefill': 'history'})}"

    shown = typed(sign_in(manager).get(address), address)

    assert (shown["p2-first_response_number"], shown["p2-first_response_unit"]) == (
        ["1"],
        ["hours"],
    )
    assert (shown["p1-resolution_number"], shown["p1-resolution_unit"]) == (["4"], ["hours_always"])
    assert shown["p3-update_number"] == [""]


def test_edit_of_a_contract_in_force_is_refused(sign_in, manager, head, account, now):
    contract = in_force(account, head, now)
    browser, address = sign_in(manager), page("edit", contract.pk)

    answer = browser.post(address, typed(browser.get(address), address))

    assert answer.status_code == 409
    assert "Not possible while it is “In force”." in text_of(answer)


def test_edit_of_what_somebody_else_changed_meanwhile_is_refused(
    sign_in, manager, head, account, now
):
    contract = services.draft_contract(actor=head, account=account, terms=terms(account), now=now)
    browser, address = sign_in(manager), page("edit", contract.pk)
    shown = typed(browser.get(address), address)
    services.edit_contract(
        actor=head, contract=contract, terms=terms(account, notice_days=30), now=now
    )

    answer = browser.post(address, shown | {"scope": "Tills"})

    assert answer.status_code == 412
    assert "Somebody else changed this" in text_of(answer)
    assert typed(answer, address)["scope"] == ["Tills"]


def test_a_person_who_left_stays_named_in_the_steps(sign_in, manager, head, account, now):
    gone = UserFactory(name="Former Colleague")
    step = StepRow("notify", percent=50, person=gone)
    contract = services.draft_contract(
        actor=head, account=account, terms=terms(account, steps=(step,)), now=now
    )
    User.objects.filter(pk=gone.pk).update(is_active=False)
    browser, address = sign_in(manager), page("edit", contract.pk)

    browser.post(address, typed(browser.get(address), address))

    assert Terms.of(Contract.objects.get()).steps == (step,)


def test_the_builder_costs_the_same_for_one_row_and_for_three(
    sign_in, manager, head, account, now, query_count
):
    def cost(count):
        steps = (StepRow("notify", percent=50, hearer="head"),) * count
        items = tuple(ScopeRow(f"Service {number}") for number in range(count))
        contract = services.draft_contract(
            actor=head, account=account, now=now,
            terms=terms(account, steps=steps, scope_items=items),
        )  # fmt: skip
        return query_count(sign_in(manager), page("edit", contract.pk))

    assert cost(1) == cost(3) <= 26


def test_choosing_an_account_leads_to_its_draft(sign_in, manager, account):
    other = AccountFactory(name="Balkan Freight")
    browser = sign_in(manager)

    answer = browser.get(page("choose_account"), {"account": str(account.pk)})

    assert answer["Location"] == page("draft", account.pk)
    assert other.name not in text_of(browser.get(page("choose_account")))
