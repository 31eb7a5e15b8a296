"""What complaints teach as a whole: causes, how often they come back, how well trust is won back.

Every share can be opened: `rows_of` returns the complaints that make it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Finding, MakeGood
from complaints.models.complaint import ComplaintQuerySet
from core.errors import Sentence
from core.models import User
from core.shares import Share

PERIODS: Final = {"30": _("30 days"), "90": _("90 days"), "365": _("12 months")}
USUAL_PERIOD: Final = "90"
OVER: Final = (Complaint.State.RESOLVED, Complaint.State.CLOSED)
NO_COMPLAINTS: Final = (Complaint.State.MERGED, Complaint.State.CONVERTED)
REPEATED: Final = 2

_finding = Finding.objects.filter(complaint=OuterRef("pk"))
_justified = Exists(
    _finding.filter(justified__in=[Finding.Justified.YES, Finding.Justified.PARTLY])
)
_owed_to_tell = Exists(_finding.filter(disclose_by__isnull=False))
_told_in_time = Exists(_finding.filter(disclosed_at__lte=F("disclose_by")))
_plus = Exists(MakeGood.objects.filter(complaint=OuterRef("pk"), voluntary=True).exclude(plus=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A share of complaints: `part` of those in `whole`.

    shows_part -- which rows are worth a look: those in the part, or those missing from it.
    """

    label: Sentence
    hint: Sentence
    whole: Q
    part: Q
    icon: str
    shows_part: bool


OVER_ONES: Final = Q(state__in=OVER)
MEASURES: Final[Mapping[str, Measure]] = {
    "found_by_us": Measure(
        label=_("Found by us first"),
        hint=_("of all complaints; more is better"),
        whole=Q(),
        part=Q(channel=Complaint.Channel.SELF_REPORTED),
        icon="search",
        shows_part=True,
    ),
    "with_plus": Measure(
        label=_("With something extra"),
        hint=_("of the justified ones that are resolved; the rule is all of them"),
        whole=OVER_ONES & Q(_justified),
        part=Q(_plus),
        icon="heart-handshake",
        shows_part=False,
    ),
    "reopened": Measure(
        label=_("Reopened"),
        hint=_("of all complaints; fewer is better"),
        whole=Q(),
        part=Q(reopen_count__gt=0),
        icon="refresh",
        shows_part=True,
    ),
    "confirmed": Measure(
        label=_("Confirmed by the client"),
        hint=_("of the closed ones"),
        whole=Q(state=Complaint.State.CLOSED),
        part=Q(is_confirmed=True),
        icon="thumb-up",
        shows_part=False,
    ),
    "told_in_time": Measure(
        label=_("Own mistakes told in time"),
        hint=_("of those that were ours"),
        whole=Q(_owed_to_tell),
        part=Q(_told_in_time),
        icon="clock-check",
        shows_part=False,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A root cause: how often, at how many clients, at how many of them more than once."""

    key: str
    label: Sentence
    share: Share
    accounts: int
    repeated_at: int
    reopened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    key: str
    measure: Measure
    share: Share


def complaints_of(user: User, period: str, now: datetime) -> ComplaintQuerySet:
    """Return the complaints received in the last days that the person may read.

    period -- a key of PERIODS.
    """
    rows = Complaint.objects.visible_to(user).exclude(state__in=NO_COMPLAINTS)
    return rows.filter(received_at__gt=now - timedelta(days=int(period)), received_at__lte=now)


def measures(rows: ComplaintQuerySet) -> list[Counted]:
    """Count every share in one query."""
    wanted: dict[str, Count] = {}
    for key, measure in MEASURES.items():
        wanted[f"whole_{key}"] = Count("pk", filter=measure.whole)
        wanted[f"part_{key}"] = Count("pk", filter=measure.whole & measure.part)
    told = rows.order_by().aggregate(**wanted)
    return [
        Counted(
            key=key,
            measure=measure,
            share=Share(told[f"part_{key}"], told[f"whole_{key}"]),
        )
        for key, measure in MEASURES.items()
    ]


def rows_of(rows: ComplaintQuerySet, key: str) -> ComplaintQuerySet:
    """Return the complaints behind a measure that are worth a look; see Measure.shows_part."""
    measure = MEASURES[key]
    return rows.filter(measure.whole, measure.part if measure.shows_part else ~measure.part)


def causes(rows: ComplaintQuerySet) -> list[Cause]:
    """Count the root causes, the most frequent first; those not found out yet are left out."""
    known = rows.exclude(root_cause="").order_by()
    counted = known.values("root_cause").annotate(
        complaints=Count("pk"),
        accounts=Count("account_id", distinct=True),
        reopened=Count("pk", filter=Q(reopen_count__gt=0)),
    )
    total, again = known.count(), _repeated(known)
    found = [
        Cause(
            key=row["root_cause"],
            label=Complaint.RootCause(row["root_cause"]).label,
            share=Share(row["complaints"], total),
            accounts=row["accounts"],
            repeated_at=again.get(row["root_cause"], 0),
            reopened=row["reopened"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda cause: (-cause.share.part, cause.key))


def _repeated(known: ComplaintQuerySet) -> dict[str, int]:
    """Return at how many clients each cause struck more than once."""
    pairs = known.values("root_cause", "account_id").annotate(times=Count("pk"))
    again: dict[str, int] = {}
    for pair in pairs.filter(times__gte=REPEATED):
        again[pair["root_cause"]] = again.get(pair["root_cause"], 0) + 1
    return again
