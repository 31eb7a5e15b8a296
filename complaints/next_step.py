"""The one line above a case: what is next, for whom, and by when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Promise
from complaints.guards import Missing
from complaints.models import Complaint
from sla.models import Clock, Metric

State = Complaint.State
OVER = (State.CLOSED, State.MERGED, State.CONVERTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """verb -- the action that does it, without the app; "" if nobody can hurry it."""

    text: str
    who: str
    due: datetime | None = None
    verb: str = ""

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and self.due < now


def next_step(
    complaint: Complaint,
    clocks: Iterable[Clock],
    promises: Iterable[Promise],
    *,
    missing: Sequence[Missing] = (),
    tell_by: datetime | None = None,
) -> NextStep:
    """Say what the case waits for; promises and clocks are those of the complaint.

    missing -- what the complaint lacks before it may be resolved, in the order of doing it.
    tell_by -- by when the client must hear that the mistake is ours, while he has not.
    """
    running = {clock.metric: clock.due_at for clock in clocks if clock.is_live}
    owed = sorted((each for each in promises if each.is_owed), key=lambda each: each.due_at)
    if complaint.state in OVER:
        return _pulse(owed) or _over(complaint)
    if complaint.state == State.RESOLVED:
        return _after_resolving(complaint, owed)
    answer_by = running.get(Metric.FIRST_RESPONSE)
    if tell_by is not None and (answer_by is None or tell_by <= answer_by):
        text = _("Tell the client that the mistake is ours.")
        return NextStep(text=text, who=complaint.lead.name, due=tell_by, verb="disclose")
    if Metric.FIRST_RESPONSE in running:
        return _answer(complaint, running[Metric.FIRST_RESPONSE])
    if (due := running.get(Metric.NEXT_RESPONSE)) is not None:
        text = _("The client wrote again: answer.")
        return NextStep(text=text, who=complaint.lead.name, due=due, verb="reply")
    due = running.get(Metric.RESOLUTION)
    return (
        _update(complaint, running, owed)
        or _waiting(complaint, due, owed)
        or _working(complaint, due, missing)
    )


def _pulse(owed: list[Promise]) -> NextStep | None:
    """Return the call that asks, a month after a grave case was closed, whether it has held."""
    for promise in owed:
        if promise.kind == Promise.Kind.PULSE:
            return NextStep(
                text=_("Closed. Call the client again: has it stayed fixed?"),
                who=promise.made_by.name,
                due=promise.due_at,
                verb="record_callback",
            )
    return None


def _over(complaint: Complaint) -> NextStep:
    if complaint.state == State.MERGED:
        other = complaint.merged_into.no if complaint.merged_into else ""
        return NextStep(text=_("Part of %(no)s: go on there.") % {"no": other}, who="")
    if complaint.state == State.CONVERTED:
        return NextStep(text=_("Turned into a request: it is in the task list."), who="")
    if complaint.is_confirmed:
        return NextStep(text=_("Closed: the client confirmed that it is fixed."), who="")
    return NextStep(text=_("Closed, not confirmed: the client could not be reached."), who="")


def _after_resolving(complaint: Complaint, owed: list[Promise]) -> NextStep:
    for promise in owed:
        if promise.kind == Promise.Kind.CALLBACK:
            return NextStep(
                text=_("Call the client: is it really fixed?"),
                who=promise.made_by.name,
                due=promise.due_at,
                verb="record_callback",
            )
    return NextStep(
        text=_("Three calls were in vain; we wait for an answer to our letter."), who=""
    )


def _answer(complaint: Complaint, due: datetime | None) -> NextStep:
    if complaint.assignee is None:
        text = _("Find out what happened, give it to somebody, answer the client.")
        return NextStep(text=text, who=complaint.lead.name, due=due, verb="triage")
    text = _("Answer the client for the first time.")
    return NextStep(text=text, who=complaint.lead.name, due=due, verb="reply")


def _update(
    complaint: Complaint, running: dict[str, datetime | None], owed: list[Promise]
) -> NextStep | None:
    """Return the regular update, if it is due before the solution and before any promise."""
    due = running.get(Metric.UPDATE)
    others = [running.get(Metric.RESOLUTION), *(each.due_at for each in owed)]
    if due is None or any(other and other <= due for other in others):
        return None
    text = _("Tell the client how it stands.")
    return NextStep(text=text, who=complaint.lead.name, due=due, verb="reply")


def _waiting(complaint: Complaint, due: datetime | None, owed: list[Promise]) -> NextStep | None:
    """Return the promised contact if it is nearer than the solution; or for whom we wait."""
    contact = next((each for each in owed if each.kind == Promise.Kind.NEXT_CONTACT), None)
    if contact is not None and (due is None or contact.due_at <= due):
        text = _("Contact the client, as promised.")
        return NextStep(text=text, who=contact.made_by.name, due=contact.due_at, verb="reply")
    if complaint.appointment_at is not None:
        text = _("The client asked for an appointment; the clocks stand still until then.")
        return NextStep(
            text=text, who=complaint.lead.name, due=complaint.appointment_at, verb="resume"
        )
    if complaint.state == State.WAITING_CLIENT:
        who = complaint.contact.name if complaint.contact else complaint.account.name
        return NextStep(text=_("The client owes us an answer; remind in time."), who=who)
    if complaint.state == State.WAITING_SUPPLIER:
        text = _("Press the supplier: the clock for the client runs on.")
        return NextStep(text=text, who=_worker(complaint), due=due, verb="resume")
    return None


def _working(complaint: Complaint, due: datetime | None, missing: Sequence[Missing]) -> NextStep:
    """Return the first thing that is missing; with nothing missing it may be resolved."""
    worker = _worker(complaint)
    if missing:
        first = missing[0]
        return NextStep(text=str(first.detail), who=worker, due=due, verb=first.action)
    return NextStep(text=_("Put it right."), who=worker, due=due, verb="resolve")


def _worker(complaint: Complaint) -> str:
    return (complaint.assignee or complaint.lead).name
