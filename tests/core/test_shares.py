from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shares import Share


@pytest.mark.parametrize(
    ("part", "whole", "percent", "low", "high"),
    [
        (17, 20, "85.00", "63.96", "94.76"),
        (9, 14, "64.29", "38.76", "83.66"),
        (0, 10, "0.00", "0.00", "27.75"),
        (10, 10, "100.00", "72.25", "100.00"),
    ],
)
def test_a_share_knows_its_percent_and_its_interval(part, whole, percent, low, high):
    share = Share(part, whole)

    assert (share.percent, share.low, share.high) == tuple(map(Decimal, (percent, low, high)))


def test_a_share_of_nothing_says_nothing():
    share = Share(0, 0)

    assert (share.percent, share.low, share.high, share.is_enough()) == (None, None, None, False)


@pytest.mark.parametrize(("part", "whole"), [(3, 2), (-1, 2)])
def test_what_is_no_part_is_refused(part, whole):
    with pytest.raises(ValueError, match="is no part of"):
        Share(part, whole)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_percent_lies_within_the_interval(pair):
    share = Share(*pair)

    assert 0 <= share.low <= share.percent <= share.high <= 100
