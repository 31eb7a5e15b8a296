"""The arithmetic of recovery, without a database: the worked examples to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.costs import Cost
from complaints.plus import suggested_plus, was_demanded
from complaints.remedy_route import route
from complaints.rules import REMEDY_LIMITS
from complaints.wants import ALWAYS, completeness
from tests.examples import example

amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def test_e3_2_five_of_six_wants_are_not_all():
    inputs, outputs = example("E3.2")

    given = completeness(
        {int(number): wanted for number, wanted in inputs["wanted"].items()},
        {int(number) for number, done in inputs["done"].items() if done},
    )

    assert list(given.required) == outputs["required"]
    assert list(given.done) == outputs["done"]
    assert str(given.percent) == outputs["recovery_pct"]
    assert given.is_whole is outputs["may_resolve_P1_P2"]
    assert given.missing == (8,)


@given(
    wanted=st.dictionaries(st.integers(1, 8), st.sampled_from(["yes", "no", "unknown"])),
    done=st.sets(st.integers(1, 8)),
)
def test_whole_is_just_what_nothing_is_missing_from(wanted, done):
    given = completeness(wanted, done)

    assert set(given.required) >= ALWAYS
    assert given.is_whole == (given.percent == 100) == (set(given.required) <= done)
    assert set(given.missing) | set(given.done) == set(given.required)


@pytest.mark.parametrize("name", ["E3.3", "E3.4", "E3.5"])
def test_suggested_plus_of_the_examples(name):
    inputs, outputs = example(name)

    amount = suggested_plus(
        Decimal(inputs["disputed_value"]), Decimal(inputs["account_annual_margin"])
    )

    assert str(amount) == outputs["suggested_plus"]


@pytest.mark.parametrize(
    ("disputed", "margin", "plus"),
    [(None, None, "10.00"), ("900", None, "45.00"), (None, "18000", "360.00"), ("0", "0", "10.00")],
)
def test_what_nobody_knows_does_not_count_toward_the_plus(disputed, margin, plus):
    known = [None if each is None else Decimal(each) for each in (disputed, margin)]

    assert str(suggested_plus(*known)) == plus


@given(disputed=st.none() | amounts, margin=st.none() | amounts)
def test_the_plus_is_at_least_ten_and_never_grows_beyond_either_share(disputed, margin):
    plus = suggested_plus(disputed, margin)

    assert plus >= 10
    for share, of in ((Decimal("0.05"), disputed), (Decimal("0.02"), margin)):
        assert of is None or plus <= max(10, share * of + Decimal("0.005"))


@pytest.mark.parametrize(
    ("plus", "demands", "is_demanded"),
    [
        ("A free month of service", "We want a month of service for free!", True),
        ("Месяц обслуживания бесплатно", "Требуем бесплатный месяц обслуживания", True),
        ("Безплатен месец поддръжка", "искаме един безплатен месец поддръжка", True),
        ("A box of chocolates", "We want a month of service for free!", False),
        ("Запасний ролик", "", False),
        ("", "anything", False),
    ],
)
def test_what_the_client_asked_for_before_is_no_gift(plus, demands, is_demanded):
    assert was_demanded(plus, demands) is is_demanded


def test_e3_6_cost_of_poor_service():
    inputs, outputs = example("E3.6")
    given = {name: Decimal(inputs[name]) for name in ("staff_hours", "staff_rate", "credit")}

    cost = Cost(
        base=Decimal(inputs["base_cost"]), plus=Decimal(inputs["plus_cost"]),
        recourse=Decimal(inputs["supplier_recourse"]), **given,
    )  # fmt: skip

    assert (str(cost.staff), str(cost.gross), str(cost.net)) == (
        outputs["staff_cost"], outputs["gross"], outputs["net"],
    )  # fmt: skip


INPUTS, OUTPUTS = example("E3.11")
LIMITS = (
    Decimal(INPUTS["limits"]["account_manager"]),
    Decimal(INPUTS["limits"]["head_of_kam"]),
)


@pytest.mark.parametrize(
    ("case", "told"), list(zip(INPUTS["cases"], OUTPUTS["routes"], strict=True)), ids=str
)
def test_e3_11_route_of_what_the_client_proposes(case, told):
    way = route(
        Decimal(case["cost"]), is_justified=case["justified"] != "no",
        is_feasible=case["feasible"], limits=LIMITS,
    )  # fmt: skip

    assert (way.decision, way.approver) == (told["decision"], told["approver"])


def test_limits_are_those_of_the_example_and_belong_to_the_lower_authority():
    assert REMEDY_LIMITS == LIMITS
    ways = [
        route(cost, is_justified=True, is_feasible=True, limits=LIMITS).approver
        for limit in LIMITS
        for cost in (limit, limit + Decimal("0.01"))
    ]
    assert ways == ["account_manager", "head_of_kam", "head_of_kam", "executive"]


def test_what_is_not_lawful_is_never_recommended():
    way = route(Decimal(1), is_justified=True, is_feasible=True, is_lawful=False, limits=LIMITS)

    assert (way.decision, way.approver) == ("counter_or_decline", None)
