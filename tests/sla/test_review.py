"""Reviews of contracts: what they look at, and that they are held (4.6)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from accounts import services as accounts
from core.errors import DomainError
from core.models import AuditEntry, Timer
from core.operations import SYSTEM
from core.paper import Heading, Table, render
from sla import month, services
from sla.models import Attainment, Contract, Review
from sla.review_figures import Cell
from sla.review_pack import review_pack
from sla.review_paper import paper_of
from sla.review_words import months_text, proposals, trend_text, volume_text
from sla.spans import Month
from tests.factories import NOON, ComplaintFactory
from tests.sla.months import FEBRUARY, HOUR, MARCH, clock, clocks, signed, successor

JANUARY = date(2026, 1, 1)
HELD = date(2026, 3, 2)
IN_JANUARY = datetime(2026, 1, 14, 10, tzinfo=UTC)
MINUTES = "Ana wants calls before mails. We agreed on a night rota."


@pytest.fixture
def contract(account):
    return signed(account, next_review=date(2026, 4, 1))


def hold(contract, by, **given):
    told = {"first_month": JANUARY, "last_month": FEBRUARY, "held_on": HELD, "minutes": MINUTES}
    return services.hold_review(actor=by, contract=contract, **told | given, now=NOON)


def code_of(*arguments, **given):
    with pytest.raises(DomainError) as refusal:
        hold(*arguments, **given)
    return refusal.value.code


def test_a_review_is_recorded_and_the_next_one_planned(contract, manager):
    review = hold(contract, manager, first_month=date(2026, 1, 20), attendees="Ana, Boris")

    contract.refresh_from_db()
    assert (review.first_month, review.last_month) == (JANUARY, FEBRUARY)
    assert (review.minutes, review.attendees, review.recorded_by) == (
        MINUTES,
        "Ana, Boris",
        manager,
    )
    assert contract.next_review == date(2026, 7, 1)
    entry = AuditEntry.objects.get(verb="sla.hold_review")
    assert str(entry.says) == f"Held a review of the contract {contract.no}"
    assert (entry.account_id, entry.target_id) == (contract.account_id, review.pk)
    assert entry.changes["minutes"] == ["•••", "•••"]


@pytest.mark.parametrize(
    ("starts_on", "planned", "held_on", "following"),
    [
        (JANUARY, date(2026, 4, 1), date(2026, 2, 20), date(2026, 7, 1)),
        (JANUARY, date(2026, 1, 1), HELD, date(2026, 4, 1)),
        (JANUARY, None, HELD, date(2026, 4, 1)),
        (date(2024, 2, 29), date(2026, 2, 28), HELD, date(2026, 5, 29)),
        (date(2025, 11, 30), date(2026, 2, 28), HELD, date(2026, 5, 30)),
    ],
)
def test_reviews_keep_their_rhythm(account, manager, starts_on, planned, held_on, following):
    contract = signed(account, starts_on=starts_on, next_review=planned)

    hold(contract, manager, held_on=held_on)

    assert Contract.objects.get(pk=contract.pk).next_review == following


def test_the_timers_follow_the_next_review(contract, manager):
    hold(contract, manager)

    steps = Timer.objects.filter(subject_id=contract.pk, fired_at=None).values_list(
        "step", flat=True
    )
    assert {step.partition(":")[2] for step in steps if "review" in step} == {"2026-07-01"}


def test_holding_it_ends_what_asked_for_it(contract, account, manager, head):
    task = accounts.open_task(
        actor=SYSTEM, account=account, kind="sla_review", assignee=manager, subject=contract,
        due_at=NOON + HOUR, facts={"no": contract.no}, now=NOON,
    )  # fmt: skip
    alert = accounts.raise_alert(
        actor=SYSTEM, account=account, kind="review_overdue", level="amber", subject=contract,
        facts={"no": contract.no, "planned_on": "2026-04-01"}, now=NOON,
    )  # fmt: skip

    hold(contract, head)

    task.refresh_from_db()
    alert.refresh_from_db()
    assert (task.state, alert.state) == ("done", "resolved")


def test_a_review_of_an_ended_contract_plans_no_other(account, manager):
    contract = signed(account, state="expired", ends_on=date(2026, 2, 20), next_review=None)

    hold(contract, manager)

    contract.refresh_from_db()
    assert (contract.next_review, Review.objects.count()) == (None, 1)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"held_on": date(2026, 3, 3)}, "held_in_the_future"),
        ({"first_month": MARCH}, "not_whole_months"),
        ({"last_month": date(2026, 4, 1)}, "not_whole_months"),
        ({"minutes": " \n"}, "minutes_missing"),
    ],
)
def test_what_is_impossible_is_refused(contract, manager, given, code):
    assert code_of(contract, manager, **given) == code
    assert not Review.objects.exists()


def test_an_offer_has_no_reviews(account, manager):
    assert code_of(signed(account, state="proposed"), manager) == "illegal_transition"


@pytest.mark.parametrize("role", ["sa", "te", "fi", "ex"])
def test_only_the_front_office_holds_reviews(contract, people, role):
    with pytest.raises(PermissionDenied):
        hold(contract, people[role])


def test_another_account_manager_holds_no_review(contract, stranger):
    with pytest.raises(PermissionDenied):
        hold(contract, stranger)


def close_until_february():
    for first in (date(2025, 12, 1), JANUARY, FEBRUARY):
        month.close_month(first, now=NOON)


def test_the_pack_adds_up_what_was_closed(contract, head):
    clocks(contract, "first_response", met=9, missed=3, due=IN_JANUARY)
    clocks(contract, "first_response", met=8)
    close_until_february()

    pack = review_pack(contract, head)

    [line, _resolution] = pack.lines
    assert [each.first for each in pack.months] == [JANUARY, FEBRUARY]
    assert [line.cells[each] for each in pack.months] == [
        Cell(9, 12, 0, Decimal(1080)),
        Cell(8, 8, 0, Decimal(720)),
    ]
    assert (line.total.met, line.total.of, line.total.percent) == (17, 20, 85)
    assert (line.total.goal, line.total.is_short, line.is_few) == (90, True, False)
    assert [line.is_few for line in pack.lines] == [False, True]
    assert trend_text(pack) == (
        "Kept in time: 75.00\u00a0% (9 of 12) in January 2026, "
        "100.00\u00a0% (8 of 8) in February 2026."
    )
    assert months_text(pack.months) == "January 2026 – February 2026"


def test_the_target_is_weighted_by_the_cases_of_each_priority(account, head):
    contract = signed(
        account, targets={("p1", "resolution"): (240, 98), ("p3", "resolution"): (960, 80)}
    )
    for priority, state in (("p1", "met"), ("p1", "missed"), ("p3", "met"), ("p4", "met")):
        clock(contract, state=state, priority=priority).save()
    close_until_february()

    [_answer, line] = review_pack(contract, head).lines

    assert line.total.goal == (98 + 98 + 80 + 90) / Decimal(4)


def test_the_pack_looks_at_what_was_closed_since_the_last_review(contract, head, manager):
    close_until_february()
    first = review_pack(contract, head)
    hold(contract, manager, first_month=date(2025, 12, 1), last_month=JANUARY)
    since = review_pack(contract, head)
    hold(contract, manager, first_month=JANUARY, last_month=FEBRUARY)
    nothing_new = review_pack(contract, head)
    chosen = review_pack(contract, head, first=Month(FEBRUARY))

    assert [len(each.months) for each in (first, since, nothing_new, chosen)] == [2, 1, 2, 1]
    assert nothing_new.last_review == Review.objects.order_by("-id").first()


def test_the_pack_of_a_renewed_contract_knows_its_earlier_version(account, head):
    old = signed(account, state="renewed", ended_on=date(2026, 1, 31))
    new = successor(old, FEBRUARY)
    clocks(old, met=4, due=IN_JANUARY)
    clocks(new, met=5)
    close_until_february()

    pack = review_pack(new, head)

    assert pack.total.met == 9
    assert list(pack.closed.values()) == [old.pk, new.pk]


def test_misses_are_told_with_their_causes(contract, head, technician):
    complaint = ComplaintFactory(
        account=contract.account, no="CMP-2026-00077", root_cause="capacity"
    )
    for metric in ("first_response", "resolution"):
        row = clock(contract, metric, state="missed", subject_id=complaint.pk)
        row.save()
    other = ComplaintFactory(account=contract.account)
    clock(
        contract, state="missed", subject_id=other.pk, excluded_as="client_delay",
        excluded_because="Key lost",
    ).save()  # fmt: skip
    close_until_february()

    pack = review_pack(contract, head)
    of_technician = review_pack(contract, technician)

    assert len(pack.misses) == 3
    assert {miss.late for miss in pack.misses} == {HOUR}
    [(cause, count)] = pack.causes
    assert (cause, count) == (str(complaint.get_root_cause_display()), 2)
    assert of_technician.misses == []
    assert of_technician.total == pack.total


def test_cases_are_counted_once_in_the_month_in_which_they_began(contract, head):
    for priority in ("p1", "p2", "p2"):
        row = clock(contract, "first_response", priority=priority)
        row.save()
        clock(contract, "resolution", priority=priority, subject_id=row.subject_id).save()
    close_until_february()

    pack = review_pack(contract, head)

    assert [(each.priority, each.total) for each in pack.volumes] == [
        ("p1", 1), ("p2", 2), ("p3", 0), ("p4", 0),
    ]  # fmt: skip
    assert [pack.cases[each] for each in pack.months] == [0, 3]
    assert volume_text(pack) == "3 cases began."


def test_three_short_months_in_a_row_propose_a_change(account, head):
    contract = signed(account, starts_on=date(2025, 12, 1))
    for number, year in ((12, 2025), (1, 2026), (2, 2026)):
        clocks(contract, met=4, missed=1, due=datetime(year, number, 15, tzinfo=UTC))
    close_until_february()

    [told] = proposals(review_pack(contract, head))

    assert told == (
        "“Resolution” missed its target three months in a row: 80.00\u00a0% (4 of 5), "
        "80.00\u00a0% (4 of 5), 80.00\u00a0% (4 of 5). "
        "Agree on what will change it, or on a time that can be kept."
    )


def test_a_promise_that_was_always_kept_could_be_a_greater_one(contract, head):
    clocks(contract, met=29)
    clocks(contract, "first_response", met=30)
    close_until_february()

    assert proposals(review_pack(contract, head)) == [
        "“First response” was kept in all 30 cases. We could promise a shorter time."
    ]


def test_a_common_cause_is_named(contract, head):
    for cause in ("capacity", "capacity", "capacity", "late"):
        complaint = ComplaintFactory(account=contract.account, root_cause=cause)
        clock(contract, state="missed", subject_id=complaint.pk).save()
    close_until_february()

    [told] = proposals(review_pack(contract, head))

    assert told.startswith("Most misses have one cause: ")
    assert told.endswith("(3 of 4 with a known cause). Remove it first.")


def test_before_the_first_close_there_is_nothing_to_look_at(contract, head):
    pack = review_pack(contract, head)

    assert (pack.months, pack.lines, pack.misses, pack.credits) == ([], [], [], [])
    [block] = paper_of(pack, NOON).blocks
    assert block.text == "No month of this contract has been closed yet."


@pytest.mark.parametrize("language", ["en", "ru", "uk", "bg"])
def test_the_paper_speaks_the_language_of_the_client(account, head, language):
    account.language = language
    account.save()
    contract = signed(account)
    clocks(contract, met=8, missed=4)
    close_until_february()

    paper = paper_of(review_pack(contract, head), NOON)

    assert paper.language == language
    headings = [block.text for block in paper.blocks if isinstance(block, Heading)]
    with translation.override(language):
        assert translation.gettext("How we kept what we promised") in headings
    assert render(paper).startswith(b"%PDF")


def test_the_paper_tells_no_credit_that_nobody_has_approved(contract, head, people):
    clocks(contract, met=1, missed=11)
    close_until_february()
    pack = review_pack(contract, head)

    before = _headings(paper_of(pack, NOON))
    services.approve_credit(actor=people["fi"], credit=pack.credits[0], now=NOON)
    after = _headings(paper_of(review_pack(contract, head), NOON))

    assert "What comes back to you" not in before
    assert "What comes back to you" in after


def test_the_paper_tells_at_most_sixty_misses_and_how_many_more(contract, head):
    complaint = ComplaintFactory(account=contract.account)
    for cycle in range(62):
        clock(contract, state="missed", subject_id=complaint.pk, cycle=cycle + 1).save()
    close_until_february()

    blocks = paper_of(review_pack(contract, head), NOON).blocks

    assert max(len(block.rows) for block in blocks if isinstance(block, Table)) == 60
    assert "And 2 more." in [getattr(block, "text", "") for block in blocks]


def test_the_paper_is_glad_when_nothing_was_missed(contract, head):
    clocks(contract, met=3)
    close_until_february()

    blocks = paper_of(review_pack(contract, head), NOON).blocks

    assert "Every promise was kept." in [getattr(block, "text", "") for block in blocks]


def _headings(paper):
    return [block.text for block in paper.blocks if isinstance(block, Heading)]


def test_the_pack_costs_the_same_for_one_month_and_for_three(
    account, head, django_assert_max_num_queries, django_assert_num_queries
):
    contract = signed(account, starts_on=date(2025, 12, 1))
    for due in (datetime(2025, 12, 15, tzinfo=UTC), IN_JANUARY, datetime(2026, 2, 15, tzinfo=UTC)):
        for state in ("met", "missed"):
            complaint = ComplaintFactory(account=account)
            clock(contract, due=due, state=state, subject_id=complaint.pk).save()
    close_until_february()
    review_pack(contract, head)
    with django_assert_max_num_queries(12) as one:
        review_pack(contract, head, first=Month(FEBRUARY), last=Month(FEBRUARY))
    with django_assert_num_queries(len(one)):
        pack = review_pack(contract, head)

    assert len(pack.months) == 3
    assert len([block for block in paper_of(pack, NOON).blocks if isinstance(block, Table)]) == 3
    assert Attainment.objects.count() == 6
