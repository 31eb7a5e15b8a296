"""What programs hear of complaints and of how trust is won back (11.2).

A complaint's account is in every body, so that a program of a client hears of its own only. Whose
fault it was is internal, and notices name other clients' deliveries: both stay with the house.
"""

from __future__ import annotations

from typing import Any

from accounts.events import changes
from complaints.models import Complaint, Notice
from core.models import AuditEntry
from core.places import resource
from core.webhooks import publish

EVERY_VERB = "complaints."
CASE = ("state", "priority")
EDITED = (
    "state", "priority", "category", "safety", "assignee_id", "lead_id", "contact_id",
    "appointment_at", "resolution_type", "is_confirmed",
)  # fmt: skip
LETTERS = (
    "reply", "resolve", "apologise", "ask_client", "decide_remedy", "disclose", "tell_prevention",
    "withdraw",
)  # fmt: skip
"""Verbs with which a letter goes to the client."""
CONFIRMATIONS = ("acknowledge_recipient", "record_action", "record_try")
"""Verbs by which somebody may confirm a notice, each for the first time only."""
OWN_VALUES = {
    "state": frozenset(Complaint.State.values),
    "priority": frozenset({"p1", "p2", "p3", "p4"}),
}


def _moved(entry: AuditEntry, row: Any, field: str = "state") -> bool:
    """Say whether the complaint's own field changed; rows beside it may have one of that name."""
    if not isinstance(row, Complaint):
        return False
    before, after = entry.changes.get(field, (None, None))
    return {before, after} <= OWN_VALUES[field]


def _moved_to(*states: str) -> Any:
    return lambda entry, row: _moved(entry, row) and row.state in states


def _is_asked(entry: AuditEntry, row: Any) -> bool:
    """Say whether waiting began with a question to the client; a supplier gets no letter of ours."""
    return bool(entry.details.get("waiting_for") != "supplier")


def speak() -> None:
    """Declare the events. Call it from AppConfig.ready."""
    resource(Complaint, "complaint")
    resource(Notice, "notice")
    _speak_of_course()
    _speak_of_recovery()


def _speak_of_course() -> None:
    publish("complaints.log", "complaint.created", facts=CASE)
    publish(
        EVERY_VERB,
        "complaint.priority_changed",
        when=lambda entry, row: _moved(entry, row, "priority"),
        facts=CASE,
        changed=EDITED,
    )
    publish(EVERY_VERB, "complaint.state_changed", when=_moved, facts=CASE, changed=EDITED)
    publish(
        EVERY_VERB,
        "complaint.reopened",
        when=lambda entry, row: changes(entry, "reopen_count"),
        facts=CASE,
        changed=EDITED,
    )
    for name, state in (
        ("complaint.resolved", Complaint.State.RESOLVED),
        ("complaint.closed", Complaint.State.CLOSED),
    ):
        publish(EVERY_VERB, name, when=_moved_to(state), facts=CASE, changed=EDITED)


def _speak_of_recovery() -> None:
    for verb in LETTERS:
        publish(f"complaints.{verb}", "message.sent", facts=CASE)
    publish("complaints.wait", "message.sent", when=_is_asked, facts=CASE)
    publish(
        "complaints.record_findings",
        "complaint.fault_confirmed",
        when=lambda entry, row: bool(entry.changes.get("confirmed_at", (None, None))[1]),
        internal=True,
    )
    publish("complaints.disclose", "complaint.client_told", facts=CASE)
    publish("complaints.record_remedy", "remedy.proposed", facts=CASE)
    publish("complaints.decide_remedy", "remedy.decided", facts=("decision", *CASE))
    publish("complaints.deliver_make_good", "makegood.delivered", facts=CASE)
    publish("complaints.finish_sending", "notice.sent", facts=("kind", "state"), internal=True)
    for verb in CONFIRMATIONS:
        publish(
            f"complaints.{verb}",
            "notice.acknowledged",
            when=lambda entry, row: "acknowledged_at" in entry.changes,
            facts=("notice_id", "state"),
            internal=True,
        )
