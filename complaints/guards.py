"""What must have happened before a complaint may be resolved: nobody closes without recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models import Finding, Remedy
from complaints.recovery import Recovery
from complaints.rules import ENOUGH_TRIES
from core.errors import DomainError, Sentence
from sla.models import Priority


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing. code -- stable; action -- the verb that does it."""

    code: str
    detail: Sentence
    action: str


class RecoveryIncomplete(DomainError):
    """Something is missing; the first gives code and sentence, the facts name all."""

    def __init__(self, missing: list[Missing]) -> None:
        self.code = missing[0].code
        told = [asdict(each) for each in missing]
        super().__init__(_joined(" ", [each.detail for each in missing]), missing=told)


def _joined(between: str, parts: Sequence[Sentence]) -> Sentence:
    return format_lazy(between.join(["{}"] * len(parts)), *parts)


def missing_for_resolving(recovery: Recovery) -> list[Missing]:
    """Return all that is missing, in the order in which it is usually done."""
    return [each for guard in GUARDS for each in guard(recovery)]


def warnings_of(recovery: Recovery) -> list[Missing]:
    """Return what stops nothing, and still should be done before resolving."""
    found: list[Missing] = []
    if not recovery.needs_all_wants:
        found += _wants(recovery)
    if recovery.lacks_plus:
        sentence = _("Nothing extra is planned: put it right, and then something more.")
        found.append(Missing("plus_missing", sentence, "offer_make_good"))
    return found


def _findings(recovery: Recovery) -> Iterator[Missing]:
    if not recovery.finding.is_settled:
        sentence = _("Find out what happened: whose fault it is and whether the client is right.")
        yield Missing("findings_missing", sentence, "record_findings")


def _disclosure(recovery: Recovery) -> Iterator[Missing]:
    if owes_disclosure(recovery.finding):
        sentence = _("Tell the client that the mistake is ours.")
        yield Missing("disclosure_missing", sentence, "disclose")


def owes_disclosure(finding: Finding) -> bool:
    """Say whether the client must still hear that it is our mistake (C-5)."""
    is_ours = finding.is_own_mistake or finding.disclose_by is not None
    return is_ours and finding.disclosed_at is None


def _apology(recovery: Recovery) -> Iterator[Missing]:
    if recovery.owes_apology:
        sentence = _("Say that we are sorry, or note why nobody does.")
        yield Missing("apology_missing", sentence, "apologise")


def is_asked_now(recovery: Recovery) -> bool:
    """Say whether the client is asked together with the resolution, what stood still being fixed."""
    return _is_unasked(recovery) and recovery.complaint.priority == Priority.P1


def _is_unasked(recovery: Recovery) -> bool:
    return recovery.remedy.asked_at is None and recovery.remedy.tries < ENOUGH_TRIES


def _question(recovery: Recovery) -> Iterator[Missing]:
    if _is_unasked(recovery) and not is_asked_now(recovery):
        sentence = _("Ask the client what would put it right.")
        yield Missing("remedy_not_asked", sentence, "ask_client")


def _answer(recovery: Recovery) -> Iterator[Missing]:
    if recovery.remedy.state == Remedy.State.PROPOSED:
        sentence = _("Decide on what the client proposes.")
        yield Missing("remedy_undecided", sentence, "decide_remedy")
    elif recovery.remedy.state == Remedy.State.ACCEPTED:
        sentence = _("Deliver what we have said yes to.")
        yield Missing("remedy_undecided", sentence, "deliver_remedy")


def _prevention(recovery: Recovery) -> Iterator[Missing]:
    if recovery.is_justified and recovery.prevention is None:
        sentence = _("Plan what stops it from happening again.")
        yield Missing("prevention_missing", sentence, "plan_prevention")


def _grave_wants(recovery: Recovery) -> Iterator[Missing]:
    if recovery.needs_all_wants:
        yield from _wants(recovery)


def _wants(recovery: Recovery) -> Iterator[Missing]:
    labels = [each.label for each in recovery.wants if each.is_required and not each.done]
    if labels:
        sentence = format_lazy(
            _("Give the client what is still missing of the eight wants: {wants}."),
            wants=_joined("; ", labels),
        )
        yield Missing("wants_incomplete", sentence, "set_wants")


GUARDS: Final[tuple[Callable[[Recovery], Iterator[Missing]], ...]] = (
    _findings,
    _disclosure,
    _apology,
    _question,
    _answer,
    _prevention,
    _grave_wants,
)
