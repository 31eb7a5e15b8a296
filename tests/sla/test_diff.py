"""What a version changes for the client."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from sla import services
from sla.diff import Change, differences
from sla.queries import contract_detail
from sla.services import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow
from tests.factories import CalendarFactory
from tests.sla.contracts import agreed, terms

ANSWER = TargetRow("p2", "first_response", 120)
SOLUTION = TargetRow("p2", "resolution", 480)


def plain(text):
    """Return the text with spaces that break a line."""
    return text.replace("\u00a0", " ")


@pytest.fixture
def changed(account, head, now):
    """Return a function that compares two versions and gives the changed lines of a part."""

    def compare(part, before, after, **common):
        both = [
            services.draft_contract(
                actor=head, account=account, terms=terms(account, **common | given), now=now
            )
            for given in (before, after)
        ]
        old, new = (contract_detail(head).get(pk=each.pk) for each in both)
        return [
            (line.what, plain(line.before), plain(line.after), line.change.value)
            for found in differences(old, new)
            if str(found.title) == part
            for line in found.changed
        ]

    return compare


def test_equal_versions_have_only_unchanged_lines(account, head, now):
    contract = services.draft_contract(actor=head, account=account, terms=terms(account), now=now)
    same = contract_detail(head).get(pk=contract.pk)

    parts = differences(same, same)

    assert [str(part.title) for part in parts] == [
        "Promises", "Terms", "What comes back", "Escalation steps",
    ]  # fmt: skip
    assert {line.change for part in parts for line in part.lines} == {Change.SAME}
    assert [part.changed for part in parts] == [[], [], [], []]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (TargetRow("p2", "resolution", 480), TargetRow("p2", "resolution", 240), "better"),
        (TargetRow("p2", "resolution", 240), TargetRow("p2", "resolution", 480), "worse"),
        (TargetRow("p2", "resolution", 480), TargetRow("p2", "resolution", 480, True), "better"),
        (TargetRow("p2", "resolution", 480, True), TargetRow("p2", "resolution", 480), "worse"),
        (TargetRow("p2", "resolution", 480), TargetRow("p2", "resolution", 720, True), "other"),
        (TargetRow("p2", "resolution", 480, True), TargetRow("p2", "resolution", 240), "other"),
        (TargetRow("p2", "resolution", 480), TargetRow("p2", "resolution", 480, False, "",
                                                       Decimal(95)), "better"),
        (TargetRow("p2", "resolution", 480), TargetRow("p2", "resolution", 240, False, "",
                                                       Decimal(80)), "other"),
    ],
)  # fmt: skip
def test_a_time_is_judged_from_the_clients_side(changed, before, after, verdict):
    [line] = changed("Promises", {"targets": (ANSWER, before)}, {"targets": (ANSWER, after)})

    assert line[3] == verdict


def test_times_are_told_in_plain_words(changed):
    faster = replace(SOLUTION, minutes=240, attainment_percent=Decimal("97.5"))

    assert changed("Promises", {"targets": (ANSWER, SOLUTION)}, {"targets": (ANSWER, faster)}) == [
        (
            "P2 high: Resolution",
            "within 8 working hours, in 90 % of cases",
            "within 4 working hours, in 97.5 % of cases",
            "better",
        )
    ]


def test_what_is_newly_written_is_compared_with_the_house(changed):
    update = TargetRow("p3", "update", 270)
    workaround = TargetRow("p2", "workaround", 240)

    lines = changed("Promises", {}, {"targets": (ANSWER, SOLUTION, update, workaround)})

    assert lines == [
        ("P2 high: Workaround", "–", "within 4 working hours, in 90 % of cases", "better"),
        (
            "P3 normal: Regular update",
            "every working day",
            "every 270 working minutes, in 90 % of cases",
            "better",
        ),
    ]


def test_days_of_unequal_length_are_not_judged(changed):
    week = {str(day): [[9 * 3600, (18 if day else 12) * 3600]] for day in range(5)}
    calendar = CalendarFactory(special__week=week)
    update = TargetRow("p3", "update", 270)

    [line] = changed("Promises", {}, {"targets": (ANSWER, SOLUTION, update)}, calendar=calendar)

    assert line[3] == "other"


def test_a_category_has_lines_of_its_own_only_where_it_differs(changed):
    safety = TargetRow("p2", "resolution", 240, category="safety")

    lines = changed("Promises", {}, {"targets": (ANSWER, SOLUTION, safety)})

    assert lines == [
        (
            "P2 high, Safety: Resolution",
            "within 8 working hours, in 90 % of cases",
            "within 4 working hours, in 90 % of cases",
            "better",
        )
    ]


def test_terms_are_judged_where_they_can_be(changed):
    before = {"monthly_fee": Decimal("4800.00"), "scope": "Tills", "notice_days": 60}
    after = {
        "monthly_fee": Decimal("5200.00"), "covers_children": True, "review_every": 1,
        "ends_on": date(2027, 3, 1), "notice_days": 30, "auto_renew": True,
    }  # fmt: skip

    assert changed("Terms", before, after) == [
        ("What it is for", "Tills", "–", "other"),
        ("Until", "until somebody ends it", "1 March 2027", "other"),
        ("Covers the companies of the group", "no", "yes", "better"),
        ("Renews itself", "no", "yes", "other"),
        ("Notice", "60 days", "30 days", "other"),
        ("Review together", "every 3 months", "every month", "better"),
        ("Monthly fee", "€4,800.00", "€5,200.00", "worse"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"monthly_fee": None}, {"monthly_fee": Decimal(1)}),
        ({"monthly_fee": Decimal(1)}, {"monthly_fee": Decimal(2), "currency": "USD"}),
    ],
)
def test_fees_that_cannot_be_compared_are_not_judged(changed, before, after):
    assert [line[3] for line in changed("Terms", before, after)] == ["other"]


def test_services_are_compared_by_their_names(changed):
    visits = ScopeRow("Visits", Decimal(10), "visits", "month")
    before = (visits, ScopeRow("Hotline"), ScopeRow("Spare till"), ScopeRow("Training"))
    after = (
        replace(visits, quantity=Decimal(12)), ScopeRow("Repair"),
        ScopeRow("Spare till", Decimal(1), "till"), ScopeRow("Training", excluded="Travel"),
    )  # fmt: skip

    assert changed("Services in scope", {"scope_items": before}, {"scope_items": after}) == [
        ("Visits", "Visits: 10 visits a month", "Visits: 12 visits a month", "better"),
        ("Hotline", "Hotline", "–", "worse"),
        ("Spare till", "Spare till", "Spare till: 1 till", "other"),
        ("Training", "Training", "Training (not included: Travel)", "other"),
        ("Repair", "–", "Repair", "better"),
    ]


def test_an_excuse_more_is_worse_and_one_less_is_better(changed):
    before = (ExclusionRow("client_delay"), ExclusionRow("agreed_maintenance", "Sundays"))
    after = (ExclusionRow("out_of_scope"), ExclusionRow("agreed_maintenance", "Nights"))
    maintenance = "Maintenance that we agreed on in advance"

    assert changed("What does not count", {"exclusions": before}, {"exclusions": after}) == [
        ("The client delayed the work", "You delayed the work", "–", "better"),
        (
            "Maintenance agreed in advance",
            f"{maintenance}: Sundays",
            f"{maintenance}: Nights",
            "other",
        ),
        ("Outside what was agreed", "–", "It is outside what we agreed on", "worse"),
    ]


@pytest.mark.parametrize(
    ("bands", "verdict"),
    [
        (((0, 90, 5),), "better"),
        (((0, 80, 4),), "worse"),
        (((0, 70, 4), (70, 90, 6)), "other"),
        (((0, 40, 5), (40, 80, 5)), "same"),
        ((), "worse"),
    ],
)
def test_bands_are_judged_by_what_each_month_earns(changed, bands, verdict):
    before = (BandRow("update", Decimal(0), Decimal(80), Decimal(5)),)
    after = tuple(BandRow("update", *map(Decimal, band)) for band in bands)

    lines = changed("What comes back", {"bands": before}, {"bands": after})

    assert [line[3] for line in lines] == ([verdict] if verdict != "same" else [])


def test_caps_and_single_misses_are_judged(changed):
    more = {"monthly_cap_percent": Decimal(12), "per_extra_miss_percent": Decimal(3)}
    few = "With fewer than 10 cases in the month"

    assert changed("What comes back", {}, more) == [
        (
            "Single misses",
            f"{few}: 2 % of the monthly fee for each miss beyond the first.",
            f"{few}: 3 % of the monthly fee for each miss beyond the first.",
            "better",
        ),
        (
            "Limits",
            "At most 10 % of the month’s fee and 5 % of the year’s fee.",
            "At most 12 % of the month’s fee and 5 % of the year’s fee.",
            "better",
        ),
    ]


def test_steps_that_go_and_come_are_told(changed):
    at_half = StepRow("notify", percent=50, hearer="head")
    before, after = (at_half, StepRow("notify", percent=75, hearer="manager")), (at_half,)

    assert changed("Escalation steps", {"steps": before}, {"steps": after}) == [
        ("Step", "At 75 % of the time the account manager hears of it.", "–", "worse")
    ]


@pytest.fixture
def revised(account, manager, now):
    """A second version in which we answer within an hour longer."""
    contract = services.draft_contract(
        actor=manager, account=account, terms=terms(account), now=now
    )
    services.propose_contract(actor=manager, contract=contract, now=now)
    revision = services.revise_contract(actor=manager, contract=contract, now=now)
    slower = terms(account, targets=(TargetRow("p2", "first_response", 180), SOLUTION))
    return services.edit_contract(actor=manager, contract=revision, terms=slower, now=now)


def test_the_page_shows_both_versions_side_by_side(sign_in, technician, revised):
    told = sign_in(technician).get(reverse("sla:diff", args=[revised.pk])).content.decode()

    assert "within 2 working hours, in 90\u00a0% of cases" in told
    assert "within 3 working hours, in 90\u00a0% of cases" in told
    assert "1 worse" in told
    assert f"{revised.predecessor.no}</a>" in told


def test_a_first_version_has_nothing_to_compare_with(sign_in, head, revised, admin):
    first = reverse("sla:diff", args=[revised.predecessor_id])

    assert sign_in(head).get(first).status_code == 404
    assert sign_in(admin).get(reverse("sla:diff", args=[revised.pk])).status_code == 404


def test_versions_that_say_the_same_say_so(sign_in, head, account, now):
    contract = agreed(account, head, now)
    sign = {"actor": head, "contract": contract, "signed_on": now.date(), "now": now}
    services.sign_contract(**sign)
    services.record_signature(**sign, signed_by="Rada Lipova")
    contract.refresh_from_db()
    renewal = services.renew_contract(actor=head, contract=contract, now=now)

    told = sign_in(head).get(reverse("sla:diff", args=[renewal.pk])).content.decode()

    assert "1 other" in told
    assert "The day" not in told
