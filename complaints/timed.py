"""Complaints as things that are timed: what `sla` asks of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from complaints import services
from complaints.models import Complaint
from core.models import User
from core.operations import SYSTEM
from sla.models import Clock, Priority
from sla.subjects import Cases, Subject, SubjectFacts

CAUSES = {cause.value: cause.label for cause in Complaint.RootCause}


def _facts(ids: set[UUID]) -> dict[UUID, SubjectFacts]:
    rows = Complaint.objects.filter(pk__in=ids)
    told = rows.values_list("pk", "no", "assignee_id", "root_cause")
    return {pk: SubjectFacts(no, who, CAUSES.get(cause, "")) for pk, no, who, cause in told}


def _reassign(complaint_id: UUID, person_id: UUID, now: datetime) -> None:
    complaint = Complaint.objects.get(pk=complaint_id)
    person = User.objects.get(pk=person_id)
    if complaint.is_open and complaint.assignee_id != person_id and person.is_active:
        services.assign(
            actor=SYSTEM, complaint=complaint, assignee=person, lead=complaint.lead, now=now
        )


def _heighten(complaint_id: UUID, now: datetime) -> None:
    complaint = Complaint.objects.get(pk=complaint_id)
    if complaint.is_open and complaint.priority != Priority.P1:
        services.raise_priority(actor=SYSTEM, complaint=complaint, now=now)


def _cases(since: datetime) -> dict[UUID, Cases]:
    urgent = Q(priority__in=[Priority.P1, Priority.P2])
    rows = (
        Complaint.objects.filter(received_at__gte=since)
        .values("account_id")
        .order_by("account_id")
        .annotate(
            total=Count("pk"),
            urgent=Count("pk", filter=urgent),
            trivial=Count("pk", filter=Q(trivial=True)),
        )
    )
    return {row["account_id"]: Cases(row["total"], row["urgent"], row["trivial"]) for row in rows}


def _hold(ids: set[UUID]) -> None:
    rows = Complaint.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def _refresh(ids: set[UUID]) -> None:
    running = Clock.objects.filter(subject_id=OuterRef("pk"), state=Clock.State.RUNNING)
    soonest = running.order_by("due_at").values("due_at")[:1]
    Complaint.objects.filter(pk__in=ids).update(next_due_at=Subquery(soonest))


TIMED = Subject(
    facts=_facts,
    hold=_hold,
    refresh=_refresh,
    reassign=_reassign,
    heighten=_heighten,
    cases=_cases,
    categories=Complaint.Category.choices,
)
