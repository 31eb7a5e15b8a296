"""The case: what was said, what is owed, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.after import after_of
from complaints.attached import files_of
from complaints.forms import Case
from complaints.guards import missing_for_resolving
from complaints.next_step import next_step
from complaints.queries import history_of, messages_of
from complaints.queue import bar_of, earlier_than_latest, latest_of
from complaints.views.actions import CARING, COMPOSING, ENDINGS, STEPS, Offer, offers
from complaints.views.call_lines import lines_of_case
from complaints.views.doors import for_colleagues, seen_complaint
from complaints.views.recovery import recovery_context
from complaints.wording import why_priority
from core.pages import Request, render_page
from core.paging import page_of
from sla.queries import clocks_of

COMPOSER = "composer"


@for_colleagues
@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    complaint = seen_complaint(request, pk)
    case = Case(complaint=complaint, user=request.user, now=timezone.now())
    page = page_of(request, messages_of(complaint, request.user), "-at", "-id")
    context = {
        "complaint": complaint,
        "page": page,
        **_state(case),
        **_composer(case, request.GET.get("write", "")),
        "attachments": files_of(complaint, request.user),
        "attach": next(iter(_forms(case, offers(case, ["attach"]))), None),
        "why_priority": why_priority(complaint),
        "history": history_of(complaint, request.user),
        "after": after_of(complaint, request.user),
        **recovery_context(case),
    }
    fragment = COMPOSER if request.htmx.target == COMPOSER else "conversation"
    return render_page(request, "complaints/detail.html", context, fragment=fragment)


def _state(case: Case) -> dict[str, Any]:
    """Return what the line above the case and the column beside it say of clocks and promises."""
    complaint = case.complaint
    clocks = clocks_of([complaint.pk])[complaint.pk]
    promises = list(complaint.promises.select_related("made_by").order_by("-due_at", "-id"))
    step = next_step(
        complaint,
        clocks,
        promises,
        missing=missing_for_resolving(case.recovery),
        tell_by=case.recovery.tell_by,
    )
    return {
        "step": step,
        "is_late": step.is_late(case.now),
        "offers": offers(case, _with_next(step.verb), next_verb=step.verb),
        "caring": offers(case, CARING),
        "endings": offers(case, ENDINGS),
        "bars": [bar_of(clock, case.now) for clock in latest_of(clocks)],
        "earlier_bars": [bar_of(clock, case.now) for clock in earlier_than_latest(clocks)],
        "promises": promises,
        "call_lines": lines_of_case(case, promises),
    }


def _with_next(verb: str) -> list[str]:
    """Return the usual steps, before them the one that is next if it is none of these."""
    is_special = bool(verb) and verb not in {*STEPS, *COMPOSING, "record_callback"}
    return [verb, *STEPS] if is_special else list(STEPS)


def _composer(case: Case, wish: str) -> dict[str, Any]:
    """Return the tabs for writing, and the form of the chosen one, of the first by default."""
    tabs = [offer for offer in offers(case, COMPOSING) if not offer.why_not]
    chosen = [offer for offer in tabs if offer.action.verb == wish] or tabs[:1]
    writing = next(iter(_forms(case, chosen)), None)
    if writing and wish:
        writing["form"].focus()
    return {"tabs": tabs, "writing": writing}


def _forms(case: Case, given: Iterable[Offer]) -> list[dict[str, Any]]:
    pk = case.complaint.pk
    return [
        {
            "action": offer.action,
            "form": offer.action.form(case=case),
            "post_url": reverse(offer.action.url_name, args=[pk]),
        }
        for offer in given
        if not offer.why_not
    ]
