"""How a contract stands: what is next, whose consent it waits for, how it is kept this month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Sentence
from core.models import User
from sla.approvals import APPROVERS, approvals_needed, authors_of, may_give
from sla.models import Approval, Clock, Contract, Metric
from sla.queries import Kept, local_day
from sla.spans import Month
from sla.tally import clocks_counted
from sla.words import any_of, day_text

State = Contract.State
NAMED: Final = 3
"""So many people are told by name; more of them by their role."""
_WAITS: Final[dict[str, Sentence]] = {
    Approval.Kind.TIGHTER: gettext_lazy("Waiting for %(people)s to approve the tighter targets."),
    Approval.Kind.FEASIBLE: gettext_lazy(
        "Waiting for %(people)s to confirm that the tighter targets can be kept."
    ),
    Approval.Kind.CREDITS: gettext_lazy("Waiting for %(people)s to approve the higher credits."),
    Approval.Kind.CAPS: gettext_lazy("Waiting for %(people)s to approve the caps."),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that the contract has, or that it needs. given -- None while it is missing."""

    kind: Approval.Kind
    given: Approval | None
    people: str
    may_give: bool

    @property
    def waits(self) -> str:
        return str(_WAITS[self.kind]) % {"people": self.people}


def consents_of(contract: Contract, user: User) -> list[Consent]:
    """Return the consents in the order of their kinds; only a draft still waits for any."""
    given = {each.kind: each for each in contract.approvals.all()}
    needed = set(approvals_needed(contract)) if contract.is_draft else set()
    missing = needed - given.keys()
    authors = authors_of(contract) if missing else set()
    colleagues = _approvers(missing)
    return [
        Consent(
            kind=kind,
            given=given.get(kind),
            people=_named(kind, [each for each in colleagues if each.pk not in authors]),
            may_give=kind in missing and may_give(user, kind) and user.pk not in authors,
        )
        for kind in Approval.Kind
        if kind in given or kind in missing
    ]


def _approvers(kinds: Collection[str]) -> list[User]:
    if not kinds:
        return []
    roles = [APPROVERS[kind] for kind in kinds]
    found = User.objects.filter(is_active=True, roles__overlap=roles).order_by("name", "id")
    return list(found)


def _named(kind: str, people: Iterable[User]) -> str:
    able = [person.name for person in people if may_give(person, kind)]
    if not 0 < len(able) <= NAMED:
        return str(User.Role(APPROVERS[kind]).label)
    return any_of(able)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is next, in one sentence or a few. tone and icon as in the map of looks."""

    tone: str
    icon: str
    words: list[str]


def standing_of(
    contract: Contract, consents: Sequence[Consent], versions: Sequence[Contract], now: datetime
) -> Standing:
    """Say what is next. versions -- all of the contract's, the oldest first."""
    newer = [each for each in versions if each.revision > contract.revision]
    if contract.state == State.DRAFT:
        return _draft(contract, [each for each in consents if not each.given])
    if contract.state in (State.PROPOSED, State.NEGOTIATING):
        return _talks(contract, [each for each in newer if each.state in Contract.IN_TALKS])
    if contract.state == State.AGREED:
        return _agreed(contract)
    if contract.is_in_force:
        return _in_force(contract, now)
    return _over(contract, newer)


def _draft(contract: Contract, missing: Sequence[Consent]) -> Standing:
    if not contract.targets.all():
        return Standing("info", "pencil", [_("Write down at least one promise.")])
    if missing:
        return Standing("warning", "hourglass", [each.waits for each in missing])
    return Standing("info", "send", [_("Ready to be sent to the client.")])


def _talks(contract: Contract, newer: Sequence[Contract]) -> Standing:
    if newer:
        words = _("The newer version %(no)s is on its way.") % {"no": newer[-1].no}
        return Standing("info", "history", [words])
    if contract.state == State.NEGOTIATING:
        words = _("The client wants it otherwise. Make a new version, or agree on this one.")
        return Standing("warning", "messages", [words])
    sent = day_text(timezone.localdate(contract.sent_at)) if contract.sent_at else ""
    words = _("The client has had it since %(day)s. Record the answer.") % {"day": sent}
    return Standing("info", "send", [words])


def _agreed(contract: Contract) -> Standing:
    if contract.is_signed:
        day = day_text(contract.starts_on)
        words = _("Signed by both. It comes into force on %(day)s.") % {"day": day}
        return Standing("success", "check", [words])
    if contract.signed_by_us_on:
        words = _("The client’s signature is missing.")
    elif contract.signed_by_client_on:
        words = _("Our signature is missing.")
    else:
        words = _("Both signatures are missing.")
    return Standing("warning", "file-certificate", [words])


def _in_force(contract: Contract, now: datetime) -> Standing:
    if contract.state == State.EXPIRING and contract.ends_on:
        left = (contract.ends_on - local_day(contract.account, now)).days
        words = ngettext(
            "It ends in %(count)d day. Talk with the client about what follows.",
            "It ends in %(count)d days. Talk with the client about what follows.",
            left,
        )
        return Standing("warning", "hourglass", [words % {"count": left}])
    if contract.next_review:
        day = day_text(contract.next_review)
        words = _("In force. The next review is on %(day)s.") % {"day": day}
        return Standing("success", "shield-check", [words])
    return Standing("success", "shield-check", [_("In force.")])


def _over(contract: Contract, newer: Sequence[Contract]) -> Standing:
    if contract.state in (State.RENEWED, State.REPLACED) and newer:
        words = _("The version %(no)s took its place.") % {"no": newer[0].no}
        return Standing("neutral", "history", [words])
    return Standing("neutral", "archive", [_("It is over, and promises nothing any more.")])


def kept_under(contract: Contract, now: datetime) -> list[tuple[Metric, Kept]]:
    """Return, for each metric, the contract's promises that fell due this month so far (4.4)."""
    late = Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=now)
    month = Month.of(local_day(contract.account, now))
    rows = (
        clocks_counted(contract, month)
        .filter(excluded_as="")
        .values("metric")
        .order_by("metric")
        .annotate(met=Count("pk", filter=Q(state=Clock.State.MET)), missed=Count("pk", filter=late))
    )
    kept = {row["metric"]: Kept(row["met"], row["met"] + row["missed"]) for row in rows}
    always = {Metric.FIRST_RESPONSE, Metric.RESOLUTION}
    return [
        (metric, kept.get(metric, Kept(0, 0)))
        for metric in Metric
        if metric in kept or metric in always
    ]
