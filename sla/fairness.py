"""Equal attention: whether small clients are served as well as large ones (8.4).

Figures meet their thresholds exactly, as written in decimal, and only then become floats:
0.72 of 0.90 is a ratio of 0.80, which is not red, though floats divide to a little less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import copysign, erfc, prod, sqrt
from statistics import median

from sla.credits import Kept

Z = 1.959963984540054
"""Quantile of the normal distribution for 95 %, two-sided."""
ALPHA = 0.05
N_MIN = 20
RED_RATIO, AMBER_RATIO = Fraction(80, 100), Fraction(90, 100)
"""A ratio below the first is red (the four-fifths convention), below the second amber."""
RED_POINTS, AMBER_POINTS = Fraction(10, 100), Fraction(5, 100)
"""A significant difference of attainment from the first up is red, from the second up amber."""
LARGE, SMALL = "large", "small"
RED, AMBER = "red", "amber"
ZERO = Fraction(0)

Figure = float | Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """One group of accounts in the period.

    kept    -- first response and resolution clocks, by priority.
    shares  -- for each first response, the share of its target used; 1.1 is late.
    touches -- mean over the accounts of achieved by planned touches, each capped at 1.2;
               None if nothing was planned.
    """

    kept: Mapping[str, Kept]
    shares: Sequence[Figure] = ()
    touches: Figure | None = None

    @property
    def counted(self) -> int:
        return sum(each.counted for each in self.kept.values())

    @property
    def raw_attainment(self) -> float | None:
        """Return met by counted over all priorities; None if nothing was counted."""
        met = sum(each.met for each in self.kept.values())
        return met / self.counted if self.counted else None

    @property
    def is_enough(self) -> bool:
        return min(self.counted, len(self.shares)) >= N_MIN


@dataclass(frozen=True, slots=True)
class Component:
    """One of the three things compared.

    large, small -- the figure of each group; None if it has none.
    ratio        -- the lower by the higher, 0 … 1; None if a group has no figure.
    favours      -- LARGE, SMALL, or "" if neither.
    flag         -- RED, AMBER or "".
    """

    large: float | None = None
    small: float | None = None
    ratio: float | None = None
    favours: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The standardised attainment of the small group minus that of the large one."""

    value: float
    se: float

    @property
    def ci(self) -> tuple[float, float]:
        """Return the 95 % confidence interval."""
        return self.value - Z * self.se, self.value + Z * self.se

    @property
    def is_significant(self) -> bool:
        return abs(self.value) > Z * self.se


@dataclass(frozen=True, slots=True)
class RankTest:
    """Mann–Whitney test of two samples, two-sided.

    u -- of the first sample. z -- negative if the first sample tends to be the lower one.
    """

    u: float
    z: float
    p: float

    @property
    def is_significant(self) -> bool:
        return self.p < ALPHA


@dataclass(frozen=True, slots=True)
class EqualAttention:
    """Large and small accounts compared.

    enough     -- each group has at least N_MIN clocks and N_MIN response shares. Otherwise there
                  is no index and no flag, and the other figures are too few to judge by.
    weights    -- common mix of priorities, of those that both groups have; they add up to 1.
    sla        -- attainment standardised to that mix.
    difference -- None if no priority is common.
    response   -- median share of the response target used; less is better.
    rank_test  -- of the shares of large against those of small; None if a group has none.
    touch      -- attainment of planned touches.
    index      -- 0 … 100, which is equal; None if too few, or if a component has no ratio.
    favours    -- LARGE, SMALL or "": whom the components favour on balance; "" without an index.
    """

    large: Group
    small: Group
    enough: bool
    weights: Mapping[str, float]
    sla: Component
    difference: Difference | None
    response: Component
    rank_test: RankTest | None
    touch: Component
    index: float | None
    favours: str


def equal_attention(large: Group, small: Group) -> EqualAttention:
    """Compare large accounts (strategic, key) with small ones (standard, small). Source: 8.4."""
    enough = large.is_enough and small.is_enough
    weights = _common_mix(large.kept, small.kept)
    sla, difference = _attainment(large, small, weights)
    response = _compared(_median(large.shares), _median(small.shares), less_is_better=True)
    touch = _compared(_exact(large.touches), _exact(small.touches))
    if not enough:
        sla, response, touch = (replace(each, flag="") for each in (sla, response, touch))
    index = _index(sla, response, touch) if enough else None
    return EqualAttention(
        large=large,
        small=small,
        enough=enough,
        weights={priority: float(weight) for priority, weight in weights.items()},
        sla=sla,
        difference=difference,
        response=response,
        rank_test=mann_whitney(large.shares, small.shares),
        touch=touch,
        index=index,
        favours="" if index is None else _favoured(sla, response, touch),
    )


def mann_whitney(first: Sequence[Figure], second: Sequence[Figure]) -> RankTest | None:
    """Test whether one sample tends to lie above the other; None if one is empty.

    Normal approximation, corrected for ties and for continuity.
    """
    if not first or not second:
        return None
    pairs, total = len(first) * len(second), len(first) + len(second)
    rank_sum, ties = _rank_sum(first, second)
    u = rank_sum - Fraction(len(first) * (len(first) + 1), 2)
    tied = Fraction(sum(tie**3 - tie for tie in ties), total * (total - 1))
    variance = Fraction(pairs, 12) * (total + 1 - tied)
    # Where all values tie there is no variance, and half a rank from the middle is the middle.
    away = u - Fraction(pairs, 2)
    corrected = max(abs(away) - Fraction(1, 2), ZERO)
    z = copysign(corrected / sqrt(variance), away) if corrected else 0.0
    return RankTest(u=float(u), z=z, p=erfc(abs(z) / sqrt(2)))


def _rank_sum(first: Sequence[Figure], second: Sequence[Figure]) -> tuple[Fraction, list[int]]:
    """Return the sum of the ranks of the first sample, and how many values share each rank."""
    ours, ties = Counter(first), []
    rank_sum, below = ZERO, 0
    for value, equals in groupby(sorted([*first, *second])):
        ties.append(len(list(equals)))
        rank_sum += ours[value] * (below + Fraction(ties[-1] + 1, 2))
        below += ties[-1]
    return rank_sum, ties


def _common_mix(large: Mapping[str, Kept], small: Mapping[str, Kept]) -> dict[str, Fraction]:
    counts = {
        priority: large[priority].counted + small[priority].counted
        for priority in sorted(large.keys() & small.keys())
        if large[priority].counted and small[priority].counted
    }
    total = sum(counts.values())
    return {priority: Fraction(count, total) for priority, count in counts.items()}


def _attainment(
    large: Group, small: Group, weights: Mapping[str, Fraction]
) -> tuple[Component, Difference | None]:
    if not weights:
        return Component(), None
    of_large, of_small = (
        _total(weight * _share(each.kept[priority]) for priority, weight in weights.items())
        for each in (large, small)
    )
    variance = _total(
        weight**2 * (_variance(large.kept[priority]) + _variance(small.kept[priority]))
        for priority, weight in weights.items()
    )
    difference = Difference(value=float(of_small - of_large), se=sqrt(variance))
    points = abs(of_small - of_large) if difference.is_significant else ZERO
    return _compared(of_large, of_small, points=points), difference


def _share(kept: Kept) -> Fraction:
    return Fraction(kept.met, kept.counted)


def _variance(kept: Kept) -> Fraction:
    """Return p·(1-p)/n, with p drawn away from 0 and 1: a perfect record of few is not certain."""
    share = (kept.met + Fraction(1, 2)) / (kept.counted + 1)
    return share * (1 - share) / kept.counted


def _total(addends: Iterable[Fraction]) -> Fraction:
    return sum(addends, ZERO)


def _median(figures: Sequence[Figure]) -> Fraction | None:
    return median(map(_as_written, figures)) if figures else None


def _exact(figure: Figure | None) -> Fraction | None:
    return None if figure is None else _as_written(figure)


def _as_written(figure: Figure) -> Fraction:
    return Fraction(str(figure))


def _compared(
    large: Fraction | None,
    small: Fraction | None,
    *,
    less_is_better: bool = False,
    points: Fraction = ZERO,
) -> Component:
    """Return the component, flagged. points -- difference that is significant, if any."""
    if large is None or small is None:
        return Component(large=_as_float(large), small=_as_float(small))
    lower, higher = sorted((large, small))
    ratio = lower / higher if higher else Fraction(1)
    return Component(
        large=float(large),
        small=float(small),
        ratio=float(ratio),
        favours=_better(large, small, less_is_better=less_is_better),
        flag=_flag(ratio, points),
    )


def _as_float(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)


def _better(large: Fraction, small: Fraction, *, less_is_better: bool) -> str:
    if large == small:
        return ""
    return LARGE if (large < small) == less_is_better else SMALL


def _flag(ratio: Fraction, points: Fraction) -> str:
    if ratio < RED_RATIO or points >= RED_POINTS:
        return RED
    if ratio < AMBER_RATIO or points >= AMBER_POINTS:
        return AMBER
    return ""


def _index(*components: Component) -> float | None:
    """Return the geometric mean of the ratios, in percent."""
    ratios = [each.ratio for each in components if each.ratio is not None]
    return 100 * prod(ratios) ** (1 / len(ratios)) if len(ratios) == len(components) else None


def _favoured(*components: Component) -> str:
    """Return the side whose advantages, multiplied, outweigh those of the other."""
    large, small = (
        prod(each.ratio or 0.0 for each in components if each.favours == side)
        for side in (LARGE, SMALL)
    )
    if large == small:
        return ""
    return LARGE if large < small else SMALL
