"""The early-warning board: what stands at the accounts a person answers for, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from accounts.alert_lines import AlertLine, alert_line
from accounts.kinds import CHURN_RISK, NO_SLA, alert_kind
from accounts.models import Account, Alert
from accounts.queries import alert_list
from core.errors import Sentence
from core.models import User
from sla.alarm_kinds import GONE_QUIET
from sla.permissions import sees_all_warnings

FEW: Final = 8
"""Alerts of each section on the first look; the rest is one press away."""
OTHERS, PUT_OFF = "others", "put_off"
NONE = (0, 0)
WORST_FIRST: Final = ("rank", "raised_at", "id")
ICONS: Final = {
    CHURN_RISK: "door-exit",
    GONE_QUIET: "phone-off",
    NO_SLA: "file-certificate",
    OTHERS: "bell",
    PUT_OFF: "clock-pause",
}
"""The sections in order, each with its icon."""
LABELS: Final[Mapping[str, Sentence]] = {OTHERS: _("Other warnings"), PUT_OFF: _("Put off")}
SHORT_LABELS: Final[Mapping[str, Sentence]] = {NO_SLA: _("No SLA")}
RULES: Final[Mapping[str, Sentence]] = {
    CHURN_RISK: _(
        "Answers, updates, calls and promises that came late: one in 30 days is a call today, "
        "two in 60 days are a client about to leave."
    ),
    GONE_QUIET: _(
        "Nothing heard for 45 days, though three contacts or more were to be expected by the "
        "year before."
    ),
    NO_SLA: _(
        "Three complaints, two of P1 or P2, or two over trifles in 90 days, and no SLA: what was "
        "never agreed cannot be kept."
    ),
}

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Alerts of one kind. count -- of all of them, red of those that are; lines are the worst."""

    key: str
    count: int
    red: int
    lines: list[AlertLine]

    @property
    def label(self) -> Sentence:
        return LABELS.get(self.key) or alert_kind(self.key).label

    @property
    def short_label(self) -> Sentence:
        return SHORT_LABELS.get(self.key, self.label)

    @property
    def rule(self) -> Sentence:
        return RULES.get(self.key, "")

    @property
    def icon(self) -> str:
        return ICONS[self.key]

    @property
    def url(self) -> str:
        return f"?section={self.key}"

    @property
    def is_mixed(self) -> bool:
        """Whether its alerts are of several kinds, so that each must say which."""
        return self.key in LABELS

    @property
    def has_more(self) -> bool:
        return self.count > len(self.lines)


def own_rows(user: User, rows: Rows) -> Rows:
    """Return the rows of the accounts he answers for; all to those who answer for all."""
    if sees_all_warnings(user):
        return rows
    return rows.filter(account__in=Account.objects.own_of(user))


def board_alerts(user: User, now: datetime) -> QuerySet[Any]:
    """Return the standing alerts with `section` and `rank`; the worst has the lowest."""
    put_off = When(snoozed_until__gt=now, then=Value(PUT_OFF))
    known = When(kind__in=[CHURN_RISK, GONE_QUIET, NO_SLA], then=F("kind"))
    ranks = [
        When(level=level, then=Value(rank))
        for rank, level in enumerate([Alert.Level.RED, Alert.Level.AMBER])
    ]
    return own_rows(user, alert_list(user).standing()).annotate(
        section=Case(put_off, known, default=Value(OTHERS)), rank=Case(*ranks, default=Value(2))
    )


def sections(user: User, now: datetime) -> list[Section]:
    """Return every section with its count and its few worst alerts."""
    alerts = board_alerts(user, now)
    counted = alerts.order_by().values_list("section").annotate(
        count=Count("pk"), red=Count("pk", filter=Q(level=Alert.Level.RED))
    )  # fmt: skip
    counts = {key: (count, red) for key, count, red in counted}
    place = Window(RowNumber(), partition_by=F("section"), order_by=WORST_FIRST)
    worst = alerts.annotate(place=place).filter(place__lte=FEW).order_by("place")
    by_section: dict[str, list[Alert]] = {}
    for alert in worst:
        by_section.setdefault(alert.section, []).append(alert)
    return [
        Section(
            key=key,
            count=counts.get(key, NONE)[0],
            red=counts.get(key, NONE)[1],
            lines=alert_lines(user, by_section.get(key, []), now),
        )
        for key in ICONS
    ]


def alert_lines(user: User, alerts: Sequence[Alert], now: datetime) -> list[AlertLine]:
    """Return the alerts with what the person may do to them: an executive reads only."""
    may_settle = user.front_office
    return [alert_line(user, alert, now, may_settle=may_settle) for alert in alerts]
