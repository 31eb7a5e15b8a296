"""The column beside the conversation that wins the client back, card by card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts.queries import people_to_call
from complaints.forms import Case
from complaints.guards import Missing, missing_for_resolving, warnings_of
from complaints.pressure import pressure_seen_by, tactic_words
from complaints.recovery import cost_of, reads_cost, suggestion_for
from complaints.views.actions import Offer, offers
from core.errors import Sentence

CARDS: Final[Mapping[str, tuple[str, ...]]] = {
    "wants": ("set_wants", "confirm_understanding", "apologise", "skip_apology"),
    "remedy": (
        "ask_client",
        "note_failed_ask",
        "record_remedy",
        "judge_remedy",
        "decide_remedy",
        "answer_remedy",
        "deliver_remedy",
        "confirm_remedy",
    ),
    "make_good": ("offer_make_good", "agree_make_good", "deliver_make_good"),
    "findings": ("record_findings", "disclose", "let_stand"),
    "prevention": ("plan_prevention", "tell_prevention", "finish_prevention"),
    "pressure": ("name_tactics",),
}
"""Card → the steps whose forms open in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that is missing before resolving; offer -- the step that does it, if this person may."""

    missing: Missing
    offer: Offer | None
    must: bool

    @property
    def says(self) -> Sentence:
        return self.missing.detail


def recovery_context(case: Case) -> dict[str, Any]:
    """Return what the cards say, and which of their steps this person may take now."""
    steps = {card: offers(case, verbs) for card, verbs in CARDS.items()}
    complaint, recovery = case.complaint, case.recovery
    knows_cost = reads_cost(case.user, complaint)
    pressure = pressure_seen_by(case.user, complaint)
    return {
        "recovery": recovery,
        "steps": steps,
        "gaps": (gaps := _gaps(case, steps) if complaint.is_open else []),
        "must_count": sum(gap.must for gap in gaps),
        "knows_cost": knows_cost,
        "suggested": suggestion_for(complaint) if knows_cost else None,
        "cost": cost_of(complaint) if knows_cost else None,
        "pressure": pressure,
        "tactics": tactic_words(pressure.tactics) if pressure else [],
        "people": people_to_call(case.user, complaint.account, case.now),
    }


def _gaps(case: Case, steps: Mapping[str, Iterable[Offer]]) -> list[Gap]:
    """Return what must be done before resolving, then what should be."""
    possible = {
        offer.action.verb: offer for group in steps.values() for offer in group if not offer.why_not
    }
    must = [(each, True) for each in missing_for_resolving(case.recovery)]
    should = [(each, False) for each in warnings_of(case.recovery)]
    return [
        Gap(missing=each, offer=possible.get(each.action), must=hard)
        for each, hard in must + should
    ]
