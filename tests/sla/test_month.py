"""The close of a month (4.4, 10.7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from core.models import AuditEntry, Heartbeat, Notification, OutgoingMail, User
from sla import month
from sla.models import Attainment, Contract, Credit
from sla.tasks import close_months
from tests.examples import example
from tests.factories import NOON, AccountFactory, ContractFactory
from tests.races.processes import in_processes
from tests.sla.months import FEBRUARY, HOUR, IN_FEBRUARY, MARCH, clock, clocks, signed, successor

LAST_MOMENT = datetime(2026, 2, 28, 21, 59, 59, tzinfo=UTC)
"""One second before March begins in Sofia."""
LATER = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def contract(account):
    return signed(account)


def rows(**wanted):
    """Return (month, metric, met, missed, excluded) of what was counted at all."""
    found = Attainment.objects.filter(**wanted).order_by("month", "metric", "contract")
    told = found.values_list("month", "metric", "met", "missed", "excluded")
    return [row for row in told if any(row[2:])]


def credit_of(contract, at=FEBRUARY):
    return Credit.objects.get(contract=contract, month=at)


def given_before(contract, amount, at=date(2026, 1, 1), **fields):
    """Record an earlier credit of the contract."""
    state = {"state": "issued", "issued_at": NOON, "letter": "Sorry."} | fields
    money = dict.fromkeys(("uncapped", "monthly_cap", "annual_room", "amount"), amount)
    by = User.objects.first()
    return Credit.objects.create(
        contract=contract, account=contract.account, month=at, currency="EUR", lines=[],
        uncapped_percent=0, approved_by=by, approved_at=NOON, **money, **state,
    )  # fmt: skip


def test_e4_3_from_96_clocks_to_the_credit(account):
    inputs, outputs = example("E4.3")
    contract = signed(
        account,
        monthly_fee=Decimal(inputs["monthly_fee"]),
        monthly_cap_percent=Decimal(inputs["monthly_cap_pct"]),
        annual_cap_percent=Decimal(inputs["annual_cap_pct_of_annual_fee"]),
    )
    given_before(contract, Decimal(inputs["credited_this_year"]))
    for metric in ("first_response", "resolution"):
        told = inputs[metric]
        clocks(contract, metric, met=told["met"], missed=told["counted"] - told["met"])

    closed = month.close_month(FEBRUARY, now=NOON)

    credit = credit_of(contract)
    assert closed == 1
    assert {
        "credit_pct_uncapped": f"{credit.uncapped_percent:.2f}",
        "credit_uncapped": str(credit.uncapped),
        "monthly_cap": str(credit.monthly_cap),
        "annual_room": str(credit.annual_room),
        "credit": str(credit.amount),
    } == {name: told for name, told in outputs.items() if not name.endswith("attainment_pct")}
    assert (credit.limited_by, credit.state, credit.account) == ("monthly_cap", "proposed", account)
    assert [(line["metric"], line["met"], line["counted"]) for line in credit.lines] == [
        ("first_response", 44, 48),
        ("resolution", 38, 48),
    ]
    assert [f"{Decimal(line['percent']):.2f}" for line in credit.lines] == [
        outputs["first_response_attainment_pct"],
        outputs["resolution_attainment_pct"],
    ]
    assert [(line["credit_percent"], line["rule"]) for line in credit.lines] == [
        ("3.0000", "bands"),
        ("8.0000", "bands"),
    ]


def test_e4_4_few_cases_are_counted_miss_by_miss(account):
    inputs, outputs = example("E4.4")
    contract = signed(account, monthly_fee=Decimal(inputs["monthly_fee"]))
    missed = inputs["missed"]
    clocks(contract, met=inputs["counted"] - missed, missed=missed)

    month.close_month(FEBRUARY, now=NOON)

    assert str(credit_of(contract).amount) == outputs["credit"]
    assert credit_of(contract).lines[-1]["rule"] == "misses"


def test_a_month_without_cases_leaves_rows_and_no_credit(contract):
    month.close_month(FEBRUARY, now=NOON)

    found = Attainment.objects.values_list("metric", "met", "missed")
    assert sorted(found) == [("first_response", 0, 0), ("resolution", 0, 0)]
    assert not Credit.objects.exists()


def test_a_contract_without_a_fee_gets_its_figures_and_no_credit(account):
    contract = signed(account, monthly_fee=None)
    clocks(contract, met=1, missed=9)

    month.close_month(FEBRUARY, now=NOON)

    assert rows() == [(FEBRUARY, "resolution", 1, 9, 0)]
    assert not Credit.objects.exists()


def test_every_metric_that_fell_due_is_counted_and_only_those_with_bands_are_credited(contract):
    clocks(contract, "update", missed=20)

    month.close_month(FEBRUARY, now=NOON)

    assert rows() == [(FEBRUARY, "update", 0, 20, 0)]
    assert not Credit.objects.exists()


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ({"state": "met"}, (1, 0, 0)),
        ({"state": "missed"}, (0, 1, 0)),
        ({"state": "running"}, (0, 1, 0)),
        ({"state": "running", "breached_at": IN_FEBRUARY}, (0, 1, 0)),
        (
            {
                "state": "paused", "due_at": None, "remaining": timedelta(),
                "breached_at": IN_FEBRUARY,
            },
            (0, 1, 0),
        ),
        ({"state": "paused", "due_at": None, "remaining": HOUR}, None),
        ({"state": "cancelled"}, None),
        ({"state": "cancelled", "breached_at": IN_FEBRUARY}, (0, 1, 0)),
        (
            {"state": "missed", "excluded_as": "client_delay", "excluded_because": "Key lost"},
            (0, 0, 1),
        ),
        ({"state": "running", "due": LAST_MOMENT + timedelta(seconds=1)}, None),
        ({"state": "running", "due": LAST_MOMENT}, (0, 1, 0)),
        ({"state": "met", "due": LAST_MOMENT + timedelta(days=9)}, None),
    ],
)  # fmt: skip
def test_a_clock_counts_by_its_promised_moment(contract, given, counted):
    clock(contract, **given).save()

    month.close_month(FEBRUARY, now=LATER)

    assert rows() == ([(FEBRUARY, "resolution", *counted)] if counted else [])


def test_a_clock_breached_in_february_and_due_again_in_march_is_of_february(contract):
    clock(contract, state="running", due=NOON, breached_at=IN_FEBRUARY).save()

    month.close_month(FEBRUARY, now=NOON)

    assert rows() == [(FEBRUARY, "resolution", 0, 1, 0)]


def test_the_month_is_that_of_the_account_not_of_utc(account, manager):
    in_sofia = signed(account)
    tokyo = AccountFactory(owner=manager, time_zone="Asia/Tokyo", calendar=account.calendar)
    in_tokyo = signed(tokyo)
    half_past = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
    clock(in_sofia, due=half_past).save()
    clock(in_tokyo, due=datetime(2026, 2, 28, 14, 59, tzinfo=UTC)).save()
    clock(in_tokyo, due=datetime(2026, 2, 28, 15, 0, tzinfo=UTC)).save()

    month.close_month(FEBRUARY, now=LATER)
    month.close_month(MARCH, now=LATER)

    assert rows(contract=in_sofia) == [(MARCH, "resolution", 1, 0, 0)]
    assert rows(contract=in_tokyo) == [
        (FEBRUARY, "resolution", 1, 0, 0),
        (MARCH, "resolution", 1, 0, 0),
    ]


def test_a_month_is_closed_from_three_in_the_morning_of_its_zone(contract):
    at_three = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)

    too_early = month.close_month(FEBRUARY, now=at_three - timedelta(seconds=1))
    in_time = month.close_month(FEBRUARY, now=at_three)

    assert (too_early, in_time) == (0, 1)


def everything():
    """Return what the close of months has left, whatever the ids and moments are."""
    attained = Attainment.objects.order_by("month", "metric")
    given = Credit.objects.order_by("month").values_list("month", "amount", "lines", "annual_room")
    entries = AuditEntry.objects.filter(verb="sla.propose_credit")
    return (
        list(attained.values_list("month", "metric", "met", "missed", "excluded")),
        list(given),
        entries.count(),
    )


def test_closing_twice_leaves_the_same_rows(contract, people):
    clocks(contract, met=8, missed=4)

    first, once = month.close_due_months(NOON), everything()
    second, twice = month.close_due_months(NOON + HOUR), everything()

    assert (first, second) == (2, 0)
    assert once == twice
    assert once[2] == 1


def test_closing_late_counts_what_closing_in_time_would_have(account, people):
    """What happens after the month changes nothing of it: a stop, a new due time, a late answer."""
    contract = signed(account)
    clocks(contract, met=8)
    late = clock(contract, state="running", due=LAST_MOMENT)
    paused = clock(contract, state="paused", due_at=None, remaining=HOUR)
    for row in (late, paused):
        row.save()
    month.close_month(FEBRUARY, now=NOON)
    in_time = rows(contract=contract)

    twin = signed(AccountFactory(calendar=account.calendar))
    clocks(twin, met=8)
    clock(twin, state="missed", due=LAST_MOMENT, stopped_at=NOON).save()
    clock(twin, state="met", due=NOON + 5 * HOUR, stopped_at=NOON).save()
    month.close_month(FEBRUARY, now=LATER)

    assert rows(contract=twin) == in_time == [(FEBRUARY, "resolution", 8, 1, 0)]


def test_an_outage_of_months_is_made_up_for_in_order(account, people):
    contract = signed(account, starts_on=date(2025, 12, 10), annual_cap_percent=Decimal(1))
    for due in (datetime(2026, 1, 9, 12, tzinfo=UTC), IN_FEBRUARY):
        clocks(contract, missed=30, due=due)

    month.close_due_months(NOON)

    closed = Attainment.objects.values_list("month", flat=True).distinct().order_by("month")
    assert list(closed) == [date(2025, 12, 1), date(2026, 1, 1), FEBRUARY]
    amounts = [
        (each.month.month, each.amount, each.limited_by)
        for each in Credit.objects.order_by("month")
    ]
    assert amounts == [
        (1, Decimal("480.00"), "monthly_cap"),
        (2, Decimal("96.00"), "annual_room"),
    ]


def test_what_is_closed_is_not_looked_at_again(contract, people, django_assert_num_queries):
    month.close_due_months(NOON)

    with django_assert_num_queries(6):
        month.close_due_months(NOON)


def test_each_run_beats_the_heart(contract, now):
    assert close_months() == 2
    assert Heartbeat.objects.get(name="months").at == now


@pytest.mark.parametrize("state", ["draft", "proposed", "negotiating", "agreed", "withdrawn"])
def test_only_contracts_that_came_into_force_are_counted(account, state):
    contract = ContractFactory(account=account, state="draft")
    sent = None if state == "draft" else NOON
    Contract.objects.filter(pk=contract.pk).update(state=state, sent_at=sent)

    assert month.close_due_months(NOON) == 0


@pytest.mark.parametrize(
    ("given", "closed"),
    [
        ({"starts_on": date(2026, 3, 1)}, []),
        ({"starts_on": date(2026, 2, 28)}, [2]),
        ({"state": "expired", "ends_on": date(2026, 1, 31)}, [1]),
        ({"state": "expired", "ends_on": date(2026, 2, 1)}, [1, 2]),
        ({"state": "terminated", "ended_on": date(2026, 1, 31)}, [1]),
        ({"state": "renewed", "ends_on": date(2026, 3, 1), "ended_on": date(2026, 2, 14)}, [1, 2]),
        ({"state": "terminated", "starts_on": MARCH, "ended_on": date(2026, 2, 20)}, []),
        (
            {"state": "terminated", "ended_on": date(2026, 2, 20), "signed_by_client_on": None},
            [],
        ),
    ],
)
def test_a_contract_has_the_months_in_which_it_was_in_force(account, given, closed):
    signed(account, **given)

    month.close_due_months(NOON)
    again = month.close_due_months(NOON)

    months = set(Attainment.objects.values_list("month__month", flat=True))
    assert sorted(months) == closed
    assert again == 0


def test_a_part_of_a_month_pays_and_is_capped_by_days(account):
    contract = signed(account, state="terminated", ended_on=date(2026, 2, 14))
    clocks(contract, missed=30)

    month.close_month(FEBRUARY, now=NOON)

    credit = credit_of(contract)
    assert (credit.uncapped, credit.monthly_cap) == (Decimal("288.00"), Decimal("240.00"))
    # 5 % of one month and a half.
    assert credit.annual_room == Decimal("360.00")
    assert credit.amount == Decimal("240.00")


def test_a_contract_ended_after_the_month_is_whole_in_it(account):
    contract = signed(account, state="terminated", ended_on=date(2026, 3, 2))
    clocks(contract, missed=30)

    month.close_month(FEBRUARY, now=NOON)

    assert (credit_of(contract).monthly_cap, credit_of(contract).annual_room) == (480, 2880)


def test_a_renewed_contract_shares_the_year_and_its_room_with_the_next_version(account, people):
    old = signed(account, state="renewed", ended_on=date(2026, 2, 14))
    new = successor(old, date(2026, 2, 15), monthly_fee=Decimal("9600.00"))
    given_before(old, Decimal("5000.00"))
    clocks(old, missed=30)
    clocks(new, missed=30)

    month.close_month(FEBRUARY, now=NOON)

    # 5 % of 1.5 × 4 800 + 10.5 × 9 600 is 5 400, of which 5 000 are gone.
    assert (credit_of(old).annual_room, credit_of(old).amount) == (400, 240)
    assert (credit_of(new).annual_room, credit_of(new).amount) == (160, 160)
    assert credit_of(new).limited_by == "annual_room"


def test_waived_credits_and_those_of_another_year_use_up_no_room(account, people):
    contract = signed(account, starts_on=date(2025, 2, 1))
    given_before(contract, Decimal("2000.00"), at=date(2026, 1, 1))
    given_before(
        contract, Decimal("300.00"), at=date(2025, 12, 1), state="waived", letter="",
        waived_by_client="Ana", waived_in="Mail of 3 January",
    )  # fmt: skip
    clocks(contract, missed=30)

    month.close_month(FEBRUARY, now=NOON)

    assert credit_of(contract).annual_room == 2880


def test_a_clock_that_outlives_its_version_counts_for_the_next(account):
    old = signed(account, state="renewed", ended_on=date(2026, 1, 31))
    new = successor(old, FEBRUARY)
    clocks(old, met=3)
    clocks(new, met=1, missed=1)

    month.close_due_months(NOON)

    assert rows() == [(FEBRUARY, "resolution", 4, 1, 0)]
    assert rows(contract=new) == rows()


def test_nobody_elses_clocks_are_counted(contract, account):
    house = clock(contract)
    house.contract = None
    house.save()
    clocks(signed(AccountFactory(calendar=account.calendar)), met=1)

    month.close_month(FEBRUARY, now=NOON)

    assert rows(contract=contract) == []


def test_finance_and_the_account_manager_hear_of_a_credit(contract, people, manager):
    User.objects.filter(pk=manager.pk).update(wants_mail=False)
    clocks(contract, met=1, missed=9)

    month.close_month(FEBRUARY, now=NOON)

    [entry] = AuditEntry.objects.filter(verb="sla.propose_credit")
    assert str(entry.says) == "A credit of €480.00 is due for February 2026"
    assert (entry.actor, entry.account_id) == (None, contract.account_id)
    assert entry.label == f"{contract.no} 2026-02"
    heard = Notification.objects.filter(entry=entry)
    assert {each.recipient for each in heard} == {manager, people["fi"]}
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {
        "fi@kamerton.test",
        "am@kamerton.test",
    }


def test_a_currency_without_cents_is_credited_in_whole_units(account):
    contract = signed(account, monthly_fee=Decimal(12345), currency="JPY")
    clocks(contract, met=4, missed=2)

    month.close_month(FEBRUARY, now=NOON)

    assert credit_of(contract).amount == Decimal(247)


def test_the_close_costs_the_same_for_one_contract_and_for_three(
    account, people, django_assert_max_num_queries, django_assert_num_queries
):
    clocks(signed(account), met=1, missed=9)
    ContentType.objects.get_for_model(Credit)
    with django_assert_max_num_queries(20) as one:
        month.close_month(FEBRUARY, now=NOON)
    for _each in range(3):
        owner = account.owner
        clocks(signed(AccountFactory(calendar=account.calendar, owner=owner)), met=1, missed=9)

    with django_assert_num_queries(len(one)):
        month.close_month(FEBRUARY, now=NOON)

    assert Credit.objects.count() == 4


def test_a_crash_leaves_whole_batches_and_the_next_run_takes_up_the_rest(
    account, people, monkeypatch
):
    monkeypatch.setattr(month, "BATCH", 1)
    for _each in range(2):
        clocks(signed(AccountFactory(calendar=account.calendar)), missed=9)
    stuck = signed(AccountFactory(calendar=account.calendar), no="SLA-2026-99999")
    clocks(stuck, missed=9)
    given_before(stuck, Decimal(1), at=FEBRUARY)

    with pytest.raises(Exception, match="one_credit_per_month"):
        month.close_month(FEBRUARY, now=NOON)
    done = Attainment.objects.values("contract").distinct().count()
    Credit.objects.filter(contract=stuck).delete()
    rest = month.close_month(FEBRUARY, now=NOON)

    assert (done, rest) == (2, 1)
    assert Credit.objects.count() == 3
    assert AuditEntry.objects.filter(verb="sla.propose_credit").count() == 3


@pytest.fixture
def hold():
    """Return a function that locks a contract from another connection until the test ends."""
    other = connection.copy()

    def hold_one(contract):
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM sla_contract WHERE id = %s FOR UPDATE", [contract.pk])
        return other

    yield hold_one
    other.close()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_month_that_somebody_holds_is_closed_by_the_next_run_before_later_ones(
    account, people, hold
):
    free, held = signed(account), signed(AccountFactory(calendar=account.calendar))
    other = hold(held)

    first = month.close_due_months(NOON)
    months = set(Attainment.objects.filter(contract=free).values_list("month", flat=True))
    other.rollback()
    second = month.close_due_months(NOON)

    assert (first, second) == (1, 3)
    assert months == {date(2026, 1, 1)}


def close_february():
    return month.close_month(FEBRUARY, now=NOON)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_four_who_close_at_once_each_contract_is_closed_by_one(account, people):
    for _each in range(5):
        clocks(signed(AccountFactory(calendar=account.calendar)), met=1, missed=9)

    closed = in_processes(4, close_february)

    assert sum(closed) == 5
    assert Attainment.objects.count() == 10
    assert Credit.objects.count() == 5
    assert AuditEntry.objects.filter(verb="sla.propose_credit").count() == 5
    assert Notification.objects.count() == 10
