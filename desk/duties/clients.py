"""What is owed to clients: deadlines of complaints, promises, planned talks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Promise, Touch
from accounts.queries import promise_list, touch_list
from accounts.subjects import subject_url
from complaints.models import Complaint
from complaints.queries import complaint_queue
from core.models import User
from desk.day import Concern
from desk.duties.row import MOST, Asked, Row
from sla.models import Clock, Metric, Priority

ANSWERS: Final = {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE}


def complaint_rows(asked: Asked) -> list[Row]:
    """Return a row for the next deadline of each open complaint."""
    due = complaint_queue(asked.user).filter(
        Q(next_due_at__lte=asked.until) | Q(priority=Priority.P1, next_due_at__isnull=False),
        asked.held_by("assignee", "lead"),
    )
    complaints = list(due.select_related("contact")[:MOST])
    clocks = _next_clocks(complaint.pk for complaint in complaints)
    return [
        _complaint_row(complaint, clocks[complaint.pk], asked)
        for complaint in complaints
        if complaint.pk in clocks
    ]


def _next_clocks(subjects: Iterable[UUID]) -> dict[UUID, Clock]:
    """Return, by subject, the running clock that is due first."""
    running = Clock.objects.filter(subject_id__in=list(subjects), state=Clock.State.RUNNING)
    soonest = running.order_by("subject_id", "due_at", "id").distinct("subject_id")
    return {clock.subject_id: clock for clock in soonest.select_related("contract")}


def _complaint_row(complaint: Complaint, clock: Clock, asked: Asked) -> Row:
    verb, action = _next_action(complaint, clock, asked.user)
    page = reverse("complaints:detail", args=[complaint.pk])
    burns = complaint.priority == Priority.P1
    return Row(
        id=complaint.no,
        concern=Concern.BURNING if burns else Concern.CLIENT,
        due_at=clock.due_at or asked.now,
        kind="complaint",
        subject_id=complaint.pk,
        does=_does(complaint, clock),
        why=_why(complaint, clock),
        account=complaint.account,
        who=(complaint.assignee or complaint.lead).name,
        starts_at=clock.started_at,
        url=page,
        action=action,
        action_url=reverse(f"complaints:{verb}", args=[complaint.pk]),
        phone=_phone(complaint),
    )


def _does(complaint: Complaint, clock: Clock) -> str:
    words = {"no": complaint.no, "title": complaint.title}
    if clock.metric == Metric.UPDATE:
        return _("Tell the client how it stands: %(title)s") % words
    if clock.metric in ANSWERS:
        return _("Answer the client: %(title)s") % words
    return _("Put it right: %(title)s") % words


def _next_action(complaint: Complaint, clock: Clock, user: User) -> tuple[str, str]:
    """Return the page that does it and its button; whoever does not lead opens the case."""
    if complaint.state == Complaint.State.NEW and complaint.assignee_id is None:
        return "triage", _("Triage")
    if clock.metric in ANSWERS:
        return "reply", _("Answer")
    if complaint.lead_id in user.principals and complaint.state != Complaint.State.NEW:
        return "resolve", _("Resolve")
    return "detail", pgettext("button", "Open")


def _why(complaint: Complaint, clock: Clock) -> str:
    standard = clock.contract.no if clock.contract else _("house standard")
    what = f"{clock.get_metric_display()} · {complaint.get_priority_display()}"
    return f"{complaint.no} · {what} · {standard}"


def promise_rows(asked: Asked) -> list[Row]:
    """Return a row for each promise that is still owed."""
    owed = promise_list(asked.user).owed().filter(asked.held_by("made_by"), due_at__lte=asked.until)
    return [_promise_row(promise) for promise in owed[:MOST]]


def _promise_row(promise: Promise) -> Row:
    page = reverse("accounts:promise", args=[promise.pk])
    is_call = promise.is_follow_up
    return Row(
        id=promise.no,
        concern=Concern.CLIENT,
        due_at=promise.due_at,
        kind="promise",
        subject_id=promise.pk,
        does=_promise_does(promise),
        why=_promise_why(promise),
        account=promise.account,
        who=promise.made_by.name,
        starts_at=promise.made_at,
        url=(is_call and subject_url(promise)) or page,
        action=_("Record the call") if is_call else _("Done"),
        action_url=_call_url(promise)
        if is_call
        else reverse("accounts:keep_promise", args=[promise.pk]),
        phone=_phone(promise),
    )


def _promise_does(promise: Promise) -> str:
    words = {"account": promise.account.name}
    if not promise.is_follow_up:
        return promise.text
    if promise.kind == Promise.Kind.PULSE:
        return _("Call %(account)s: has it stayed fixed?") % words
    return _("Call %(account)s: is it really fixed?") % words


def _promise_why(promise: Promise) -> str:
    parts = [promise.no, promise.get_kind_display()]
    if promise.state == Promise.State.BROKEN:
        parts.append(_("broken, still to be done"))
    elif promise.tries:
        parts.append(_("try %(number)s of 3") % {"number": promise.tries + 1})
    return " · ".join(parts)


def _call_url(promise: Promise) -> str:
    page = reverse("complaints:record_callback", args=[promise.subject_id])
    return f"{page}?callback={promise.pk}"


def _phone(row: Complaint | Promise) -> str:
    contact = row.contact
    return contact.phone if contact and contact.may_be_contacted else ""


def planned_rows(asked: Asked) -> list[Row]:
    """Return a row for each talk that is planned for the coming days."""
    planned = touch_list(asked.user).filter(
        asked.held_by("by"), at__gt=asked.now, at__lte=asked.until
    )
    return [_planned_row(touch) for touch in planned.order_by("at", "id")[:MOST]]


def _planned_row(touch: Touch) -> Row:
    return Row(
        id=str(touch.pk),
        concern=Concern.AHEAD,
        due_at=touch.at,
        kind="touch",
        subject_id=touch.pk,
        does=touch.summary,
        why=_("Planned: %(kind)s") % {"kind": touch.get_kind_display()},
        account=touch.account,
        who=touch.by.name,
        starts_at=touch.created_at,
        url=reverse("accounts:touch", args=[touch.pk]),
        action=_("Log it"),
        action_url=reverse("accounts:log_touch", args=[touch.account_id]),
    )
