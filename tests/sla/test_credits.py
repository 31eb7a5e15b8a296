"""The arithmetic of service credits, without a database."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.credits import DEFAULT_SCHEME, Band, Fee, Kept, Scheme, credit_for, pro_rata
from tests.examples import example

FEE = Fee(month=Decimal("4800.00"), year=Decimal("57600.00"))
NOTHING = Decimal("0.00")
CENT = Decimal("0.01")


def band(low, high, credit):
    return Band(Decimal(low), Decimal(high), Decimal(credit))


def scheme_of(*bands, **values):
    caps = {"monthly_cap_percent": Decimal(100), "annual_cap_percent": Decimal(100)}
    return Scheme(bands={"resolution": bands}, **caps | values)


def credit(met, counted, *, metric="first_response", fee=FEE, credited=NOTHING):
    return credit_for({metric: Kept(met, counted)}, fee, DEFAULT_SCHEME, credited)


def credit_percent(met, counted, metric="first_response"):
    return credit(met, counted, metric=metric).uncapped_percent


@pytest.fixture
def e43():
    inputs, outputs = example("E4.3")
    fee = Fee(Decimal(inputs["monthly_fee"]), 12 * Decimal(inputs["monthly_fee"]))
    scheme = Scheme(
        bands=DEFAULT_SCHEME.bands,
        monthly_cap_percent=Decimal(inputs["monthly_cap_pct"]),
        annual_cap_percent=Decimal(inputs["annual_cap_pct_of_annual_fee"]),
    )
    kept = {
        metric: Kept(inputs[metric]["met"], inputs[metric]["counted"])
        for metric in ("first_response", "resolution")
    }
    return credit_for(kept, fee, scheme, Decimal(inputs["credited_this_year"])), outputs


def test_e4_3_is_cut_by_the_monthly_cap(e43):
    given_back, outputs = e43

    assert {
        "credit_pct_uncapped": f"{given_back.uncapped_percent:.2f}",
        "credit_uncapped": str(given_back.uncapped),
        "monthly_cap": str(given_back.monthly_cap),
        "annual_room": str(given_back.annual_room),
        "credit": str(given_back.amount),
    } == {name: told for name, told in outputs.items() if not name.endswith("attainment_pct")}
    assert given_back.limited_by == "monthly_cap"


def test_e4_3_says_what_each_metric_earns(e43):
    given_back, outputs = e43

    first, second = given_back.lines

    assert (first.metric, first.met, first.counted) == ("first_response", 44, 48)
    assert f"{first.percent:.2f}" == outputs["first_response_attainment_pct"]
    assert (first.credit_percent, first.rule) == (3, "bands")
    assert (second.metric, second.met, second.counted) == ("resolution", 38, 48)
    assert f"{second.percent:.2f}" == outputs["resolution_attainment_pct"]
    assert (second.credit_percent, second.rule) == (8, "bands")


def test_e4_4_counts_misses_where_cases_are_few():
    inputs, outputs = example("E4.4")
    fee = Fee(Decimal(inputs["monthly_fee"]), 12 * Decimal(inputs["monthly_fee"]))
    counted = inputs["counted"]
    scheme = Scheme(
        bands=DEFAULT_SCHEME.bands,
        monthly_cap_percent=Decimal(10),
        annual_cap_percent=Decimal(5),
        n_min=inputs["n_min"],
        per_extra_miss_percent=Decimal(inputs["per_extra_miss_pct"]),
        tolerated_misses=outputs["tolerated_misses"],
    )
    kept = {"first_response": Kept(counted - inputs["missed"], counted)}

    given_back = credit_for(kept, fee, scheme, NOTHING)

    assert str(given_back.amount) == outputs["credit"]
    assert [line.rule for line in given_back.lines] == ["misses"]
    assert scheme == DEFAULT_SCHEME


@pytest.mark.parametrize(
    ("metric", "met", "percent"),
    [
        ("first_response", 100, 0),
        ("first_response", 95, 0),
        ("first_response", 94, 3),
        ("first_response", 90, 3),
        ("first_response", 89, 6),
        ("first_response", 80, 6),
        ("first_response", 79, 10),
        ("first_response", 0, 10),
        ("resolution", 90, 0),
        ("resolution", 89, 4),
        ("resolution", 85, 4),
        ("resolution", 84, 8),
        ("resolution", 75, 8),
        ("resolution", 74, 12),
        ("resolution", 0, 12),
    ],
)
def test_a_band_includes_where_it_begins_and_not_where_it_ends(metric, met, percent):
    assert credit_percent(met, 100, metric) == percent


def test_bands_look_at_the_unrounded_attainment():
    assert credit_percent(94_996, 100_000) == 3


def test_few_cases_are_judged_for_each_metric_by_itself():
    kept = {"first_response": Kept(5, 9), "resolution": Kept(9, 10)}

    given_back = credit_for(kept, FEE, DEFAULT_SCHEME, NOTHING)

    assert [(line.rule, line.credit_percent) for line in given_back.lines] == [
        ("misses", 6),
        ("bands", 0),
    ]


@pytest.mark.parametrize(("met", "percent"), [(6, 0), (5, 0), (4, 2), (0, 10)])
def test_one_miss_of_few_is_tolerated(met, percent):
    assert credit_percent(met, 6) == percent


def test_a_month_without_cases_earns_nothing():
    given_back = credit(0, 0)

    assert (given_back.amount, given_back.limited_by) == (NOTHING, "")
    assert [(line.percent, line.rule) for line in given_back.lines] == [(None, "misses")]


def test_no_number_of_cases_is_too_few_for_a_scheme_that_asks_for_none():
    scheme = scheme_of(band(0, 90, 5), n_min=0)

    def percent(kept):
        return credit_for({"resolution": kept}, FEE, scheme, NOTHING).uncapped_percent

    assert [percent(Kept(0, 1)), percent(Kept(1, 1)), percent(Kept(0, 0))] == [5, 0, 0]


def test_a_metric_without_bands_is_not_credited():
    kept = {"update": Kept(0, 9), "resolution": Kept(10, 10)}

    given_back = credit_for(kept, FEE, DEFAULT_SCHEME, NOTHING)

    assert [line.metric for line in given_back.lines] == ["resolution"]
    assert given_back.amount == NOTHING


def test_an_attainment_between_two_bands_earns_nothing():
    scheme = scheme_of(band(90, 95, 3), band(0, 80, 10))

    given_back = credit_for({"resolution": Kept(85, 100)}, FEE, scheme, NOTHING)

    assert given_back.amount == NOTHING


def test_the_annual_room_limits_what_the_month_would_allow():
    given_back = credit(79, 100, credited=Decimal("2500.00"))

    assert (given_back.amount, given_back.limited_by) == (Decimal("380.00"), "annual_room")


def test_a_year_that_is_used_up_leaves_no_room():
    given_back = credit(79, 100, credited=Decimal("3000.00"))

    assert (given_back.annual_room, given_back.amount) == (NOTHING, NOTHING)
    assert given_back.limited_by == "annual_room"


def test_a_credit_that_just_reaches_its_cap_is_not_limited():
    given_back = credit(79, 100)

    assert given_back.amount == given_back.monthly_cap == Decimal("480.00")
    assert given_back.limited_by == ""


@pytest.mark.parametrize(
    ("month", "places", "amount"),
    [("1.50", 2, "0.05"), ("0.49", 2, "0.01"), ("1216.666", 2, "36.50"), ("1250", 0, "38")],
)
def test_money_is_rounded_half_up_once(month, places, amount):
    fee = Fee(Decimal(month), 12 * Decimal(month), currency_places=places)

    assert str(credit(90, 100, fee=fee).amount) == amount


def test_a_part_of_the_month_pays_its_part_of_the_fee():
    assert pro_rata(Decimal("4800.00"), 31, 31) == Decimal("4800.00")
    assert pro_rata(Decimal("4800.00"), 7, 28) == Decimal("1200.00")
    assert pro_rata(Decimal("4800.00"), 0, 31) == 0


def test_a_part_of_the_fee_is_rounded_only_when_it_is_printed():
    part = pro_rata(Decimal("100.00"), 1, 30)

    assert part != part.quantize(CENT)
    assert Fee(part, part).rounded(part) == Decimal("3.33")


@pytest.mark.parametrize(("in_force", "in_month"), [(32, 31), (-1, 31), (0, 0), (1, -1)])
def test_days_that_do_not_fit_into_the_month_are_refused(in_force, in_month):
    with pytest.raises(ValueError, match="do not fit into a month"):
        pro_rata(Decimal(100), in_force, in_month)


@pytest.mark.parametrize(
    "bands",
    [
        (band(80, 90, 6), band(85, 95, 3)),
        (band(85, 95, 3), band(80, 90, 6)),
        (band(0, 95, 3), band(80, 85, 6)),
        (band(80, 90, 6), band(80, 90, 6)),
    ],
)
def test_bands_that_overlap_are_refused(bands):
    with pytest.raises(ValueError, match="of resolution overlap"):
        scheme_of(*bands)


def test_the_refusal_names_the_bands():
    with pytest.raises(ValueError, match=r"^The bands \[80, 90\) and \[85, 95\) of resolution"):
        scheme_of(band(85, 95, 3), band(80, 90, 6))


@pytest.mark.parametrize(("low", "high"), [(90, 90), (95, 90), (-1, 90), (90, 101)])
def test_a_band_that_is_no_range_of_percents_is_refused(low, high):
    with pytest.raises(ValueError, match="must run upwards"):
        band(low, high, 3)


def test_a_band_that_takes_from_the_client_is_refused():
    with pytest.raises(ValueError, match="must not be negative"):
        band(90, 95, -3)


@pytest.mark.parametrize(("met", "counted"), [(5, 4), (-1, 4), (0, -1)])
def test_more_kept_than_counted_is_refused(met, counted):
    with pytest.raises(ValueError, match="is not possible"):
        Kept(met, counted)


money = st.decimals(min_value=0, max_value=10**6, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
kept_counts = st.integers(min_value=0, max_value=60).flatmap(
    lambda counted: st.builds(Kept, st.integers(min_value=0, max_value=counted), st.just(counted))
)


@st.composite
def schemes(draw):
    cuts = sorted(draw(st.sets(percents, min_size=2, max_size=5)))
    bands = [Band(low, high, draw(percents)) for low, high in pairwise(cuts)]
    return Scheme(
        bands={"first_response": draw(st.permutations(bands)), "resolution": bands[:1]},
        monthly_cap_percent=draw(percents),
        annual_cap_percent=draw(percents),
        n_min=draw(st.integers(min_value=0, max_value=20)),
    )


@given(
    kept=st.fixed_dictionaries({"first_response": kept_counts, "resolution": kept_counts}),
    fee=st.builds(Fee, money, money, st.sampled_from([0, 2, 3])),
    scheme=schemes(),
    credited=money,
)
def test_a_credit_never_leaves_its_bounds(kept, fee, scheme, credited):
    given_back = credit_for(kept, fee, scheme, credited)

    bounds = {
        "monthly_cap": given_back.monthly_cap,
        "annual_room": given_back.annual_room,
        "": given_back.uncapped,
    }
    assert 0 <= given_back.amount == min(bounds.values())
    assert given_back.amount == bounds[given_back.limited_by]
    assert given_back.uncapped_percent == sum(line.credit_percent for line in given_back.lines)
    assert fee.rounded(given_back.amount) == given_back.amount


@given(
    counted=st.integers(min_value=0, max_value=60),
    metric=st.sampled_from(sorted(DEFAULT_SCHEME.bands)),
    credited=money,
)
def test_more_misses_never_earn_less(counted, metric, credited):
    amounts = [
        credit(counted - missed, counted, metric=metric, credited=credited).amount
        for missed in range(counted + 1)
    ]

    assert amounts == sorted(amounts)
