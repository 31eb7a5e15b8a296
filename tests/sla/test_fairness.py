"""Equal attention, without a database. Figures of the rank test were checked against SciPy."""

from decimal import Decimal
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.credits import Kept
from sla.fairness import N_MIN, Component, Group, equal_attention, mann_whitney
from tests.examples import example

HALF = [0.5] * N_MIN


def four(value):
    return f"{value:.4f}"


def group(met=20, counted=20, *, shares=HALF, touches=1.0, priority="P2"):
    return Group({priority: Kept(met, counted)}, shares, touches)


def both(large_kept, small_kept):
    """Return the comparison of two groups that differ only in their clocks."""
    return equal_attention(Group(large_kept, HALF, 1.0), Group(small_kept, HALF, 1.0))


@pytest.fixture
def e83():
    """Compare E8.3, whose medians are those of the samples of E8.6."""
    inputs, outputs = example("E8.3")
    samples, _outputs = example("E8.6")
    large, small = (
        Group(
            {name: Kept(*kept) for name, kept in inputs[f"{side}_met_counted"].items()},
            samples[side],
            inputs["touch_plan_attainment"][side],
        )
        for side in ("large", "small")
    )
    return equal_attention(large, small), inputs, outputs


def test_e8_3_makes_one_index_of_three_ratios(e83):
    compared, _inputs, outputs = e83
    difference = compared.difference

    assert {
        "raw_attainment_large": four(compared.large.raw_attainment),
        "raw_attainment_small": four(compared.small.raw_attainment),
        "weights": {name: four(weight) for name, weight in compared.weights.items()},
        "standardised_large": four(compared.sla.large),
        "standardised_small": four(compared.sla.small),
        "difference": four(difference.value),
        "se": four(difference.se),
        "ci": [four(end) for end in difference.ci],
        "sla_difference_significant": difference.is_significant,
        "ratio_sla": four(compared.sla.ratio),
        "ratio_response": four(compared.response.ratio),
        "ratio_touch": four(compared.touch.ratio),
        "index": f"{compared.index:.2f}",
        "flags": {
            "sla": compared.sla.flag,
            "response": compared.response.flag,
            "touch": compared.touch.flag,
        },
    } == outputs
    assert compared.enough


def test_e8_3_favours_large_accounts_in_everything(e83):
    compared, inputs, _outputs = e83
    components = [compared.sla, compared.response, compared.touch]

    assert [each.favours for each in components] == ["large", "large", "large"]
    assert compared.favours == "large"
    medians = inputs["median_share_of_response_target"]
    assert (compared.response.large, compared.response.small) == tuple(medians.values())


def test_e8_6_tests_speed_by_ranks():
    inputs, outputs = example("E8.6")
    large, small = (group(shares=inputs[side]) for side in ("large", "small"))

    compared = equal_attention(large, small)

    test = compared.rank_test
    assert {
        "median_large": four(compared.response.large),
        "median_small": four(compared.response.small),
        "ratio": four(compared.response.ratio),
        "u": f"{test.u:.1f}",
        "z": four(test.z),
        "p": four(test.p),
        "significant": test.is_significant,
    } == outputs
    assert inputs["n_min"] == N_MIN


@pytest.mark.parametrize(
    ("first", "second", "u", "z", "p"),
    [
        pytest.param([1, 2, 3], [4, 5, 6], 0, -1.745743, 0.0808556, id="no ties"),
        pytest.param(
            [0.9, 1.2, 0.7, 1.5], [0.2, 0.4, 0.8], 11, 1.590990, 0.111612, id="first higher"
        ),
        pytest.param([1, 1, 2, 2, 3], [2, 2, 2, 3, 3, 4], 7, -1.454436, 0.145825, id="many ties"),
        pytest.param(
            [0.12, 0.5, 0.33],
            [0.4, 0.41, 0.9, 0.7, 0.65, 0.33, 0.81, 0.58],
            3.5,
            -1.636717,
            0.10169,
            id="unequal sizes",
        ),
        pytest.param([1, 4], [2, 3], 2, 0, 1, id="in the middle"),
        pytest.param([1, 2, 2], [2, 2, 1.5], 4, 0, 1, id="half a rank from the middle"),
        pytest.param([1], [2], 0, 0, 1, id="one each"),
        pytest.param([1, 1, 1, 1], [1, 1, 2], 4, -0.866025, 0.386476, id="all but one tied"),
        pytest.param(
            [each**2 % 17 for each in range(30)],
            [each**3 % 17 for each in range(25)],
            398.5,
            0.389997,
            0.696539,
            id="thirty and twenty-five with ties",
        ),
        pytest.param(range(25), range(100, 125), 0, -6.053689, 1.41566e-09, id="wholly apart"),
    ],
)
def test_the_rank_test_agrees_with_scipy(first, second, u, z, p):
    test = mann_whitney(first, second)

    assert test.u == u
    assert test.z == pytest.approx(z, abs=5e-7)
    assert test.p == pytest.approx(p, rel=5e-6)


def test_samples_that_all_tie_do_not_differ():
    test = mann_whitney([0.5] * 20, [0.5] * 30)

    assert (test.u, test.z, test.p, test.is_significant) == (300, 0, 1, False)


@pytest.mark.parametrize(("first", "second"), [([], [1]), ([1], []), ([], [])])
def test_an_empty_sample_can_not_be_tested(first, second):
    assert mann_whitney(first, second) is None


samples = st.lists(st.integers(min_value=0, max_value=12), min_size=1, max_size=30)


@given(first=samples, second=samples)
def test_the_rank_test_counts_who_is_above_whom(first, second):
    pairs = [(ours > theirs) + (ours == theirs) / 2 for ours in first for theirs in second]

    forth, back = mann_whitney(first, second), mann_whitney(second, first)

    assert forth.u == sum(pairs)
    assert (forth.z, forth.p) == (-back.z, back.p)
    assert 0 <= forth.p <= 1


def test_decimals_are_as_good_as_floats():
    inputs, _outputs = example("E8.6")
    as_decimals = [[Decimal(str(each)) for each in inputs[side]] for side in ("large", "small")]

    assert mann_whitney(*as_decimals) == mann_whitney(inputs["large"], inputs["small"])
    assert group(shares=as_decimals[0]).is_enough


def test_a_priority_that_one_group_lacks_is_left_out():
    large = {"P1": Kept(1, 30), "P2": Kept(9, 10), "P3": Kept(20, 20)}
    small = {"P1": Kept(0, 0), "P2": Kept(6, 10), "P3": Kept(10, 10), "P4": Kept(0, 99)}

    compared = both(large, small)

    assert compared.weights == {"P2": 0.4, "P3": 0.6}
    assert (compared.sla.large, compared.sla.small) == (0.96, 0.84)


def test_a_single_priority_is_compared_as_it_is():
    compared = both({"P2": Kept(30, 40)}, {"P2": Kept(30, 50)})

    share_of_large, share_of_small = 30.5 / 41, 30.5 / 51
    variance = (
        share_of_large * (1 - share_of_large) / 40 + share_of_small * (1 - share_of_small) / 50
    )
    assert compared.weights == {"P2": 1}
    assert compared.difference.value == -0.15
    assert isclose(compared.difference.se, sqrt(variance))


def test_groups_without_a_common_priority_have_no_index():
    compared = both({"P1": Kept(20, 20)}, {"P4": Kept(20, 20)})

    assert compared.enough
    assert (compared.sla, compared.difference) == (Component(), None)
    assert (compared.weights, compared.index, compared.favours) == ({}, None, "")


def test_a_perfect_record_of_both_is_equal():
    compared = equal_attention(group(), group())

    equal = Component(large=1.0, small=1.0, ratio=1.0)
    assert (compared.index, compared.favours) == (100, "")
    assert (compared.sla, compared.touch) == (equal, equal)
    assert compared.difference.value == 0
    assert not compared.difference.is_significant


def test_nothing_at_all_for_either_is_equal_too():
    nothing = group(met=0, shares=[0.0] * N_MIN, touches=0.0)

    assert equal_attention(nothing, nothing).index == 100


def test_a_group_that_gets_nothing_sinks_the_index():
    compared = equal_attention(group(), group(touches=0))

    assert (compared.touch.ratio, compared.touch.flag, compared.index) == (0, "red", 0)
    assert compared.favours == "large"


@pytest.mark.parametrize(
    ("large", "small", "flag"),
    [
        (1.0, 1.0, ""),
        (0.90, 0.81, ""),
        (0.90, 0.809, "amber"),
        (0.90, 0.72, "amber"),
        (0.45, 0.36, "amber"),
        (0.90, 0.719, "red"),
        (Decimal("0.72"), Decimal("0.90"), "amber"),
    ],
)
def test_ratios_meet_their_thresholds_as_written(large, small, flag):
    assert equal_attention(group(touches=large), group(touches=small)).touch.flag == flag


@pytest.mark.parametrize(("large", "small", "favours"), [(0.4, 0.5, "large"), (0.5, 0.4, "small")])
def test_less_of_the_target_used_is_better(large, small, favours):
    compared = equal_attention(group(shares=[large] * 20), group(shares=[small] * 20))

    assert (compared.response.ratio, compared.response.flag) == (0.8, "amber")
    assert (compared.response.favours, compared.favours) == (favours, favours)


@pytest.mark.parametrize(
    ("large", "small", "flag"),
    [
        ((1000, 1000), (951, 1000), ""),
        ((1000, 1000), (950, 1000), "amber"),
        ((1000, 1000), (901, 1000), "amber"),
        ((1000, 1000), (900, 1000), "red"),
        ((900, 1000), (1000, 1000), "red"),
        ((950, 1000), (850, 1000), "red"),
        ((20, 20), (19, 20), ""),
        ((19, 20), (17, 20), "amber"),
    ],
)
def test_points_of_attainment_flag_only_if_significant(large, small, flag):
    compared = both({"P2": Kept(*large)}, {"P2": Kept(*small)})

    assert compared.sla.flag == flag
    assert compared.difference.is_significant is (large[1] == 1000)


def test_advantages_are_weighed_against_each_other():
    to_small = equal_attention(group(touches=0.9), group(touches=1.0, shares=[0.55] * 20))
    to_large = equal_attention(group(touches=0.9), group(touches=1.0, shares=[0.56] * 20))

    assert (to_small.touch.favours, to_small.response.favours) == ("small", "large")
    assert (to_small.favours, to_large.favours) == ("small", "large")


@pytest.mark.parametrize(
    ("met", "shares", "enough"), [(20, 20, True), (19, 20, False), (20, 19, False)]
)
def test_fewer_than_twenty_are_too_few_to_judge(met, shares, enough):
    few = group(met, met, shares=[5.0] * shares, touches=0.1)

    for compared in (equal_attention(few, group()), equal_attention(group(), few)):
        assert compared.enough is enough
        assert (compared.index is not None) is enough
        assert bool(compared.favours) is enough
        assert (compared.response.flag, compared.touch.flag) == ("red" if enough else "",) * 2
        assert (compared.response.ratio, compared.touch.ratio) == (0.1, 0.1)


@pytest.mark.parametrize("kept", [{}, {"P2": Kept(0, 0)}])
def test_an_empty_group_is_too_few_and_breaks_nothing(kept):
    empty = Group(kept)

    compared = equal_attention(group(), empty)

    assert (compared.enough, compared.index, compared.rank_test) == (False, None, None)
    assert compared.small.raw_attainment is None
    assert compared.sla == Component()
    assert compared.response == Component(large=0.5)
    assert compared.touch == Component(large=1.0)
    assert equal_attention(empty, empty).touch == Component()


def test_without_planned_touches_there_is_no_index_but_the_rest_is_judged():
    compared = equal_attention(group(touches=None), group(shares=[0.7] * 20))

    assert (compared.index, compared.favours) == (None, "")
    assert compared.touch == Component(small=1.0)
    assert compared.response.flag == "red"


counts = st.dictionaries(
    st.sampled_from(["P1", "P2", "P3", "P4"]),
    st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda n: Kept(min(n), max(n))),
)
shares = st.lists(st.decimals(min_value=0, max_value=3, places=2), max_size=30)
touches = st.none() | st.decimals(min_value=0, max_value="1.2", places=2)
groups = st.builds(Group, counts, shares, touches)


@given(large=groups, small=groups)
def test_swapping_the_groups_swaps_only_the_side(large, small):
    other = {"": "", "large": "small", "small": "large"}

    forth, back = equal_attention(large, small), equal_attention(small, large)

    assert (forth.enough, forth.weights) == (back.enough, back.weights)
    assert forth.index == pytest.approx(back.index)
    assert forth.index is None or 0 <= forth.index <= 100
    for name in ("sla", "response", "touch"):
        one, two = getattr(forth, name), getattr(back, name)
        assert (one.large, one.small, one.favours) == (two.small, two.large, other[two.favours])
        assert (one.ratio, one.flag) == (two.ratio, two.flag)
