"""Notices: the list with their progress, one notice, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.views.common import found
from complaints import services
from complaints.forms.notice import NoticeFilter, StepForm
from complaints.models import Notice
from complaints.notice_check import readiness_of
from complaints.notice_letter import letters_of
from complaints.notice_picture import approvals_of, lines_of, picture_of, steps_of
from complaints.notice_queries import (
    notice_detail,
    notice_history,
    notice_list,
    states_of,
    texts_of,
    to_call,
)
from complaints.views.doors import for_colleagues
from core.errors import Sentence
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of
from core.wording import day_text

NOT_SENT: Final = (Notice.State.DRAFT, Notice.State.APPROVED)


@for_colleagues
@require_GET
def notices(request: Request) -> HttpResponse:
    form = NoticeFilter(request.GET)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    page = page_of(request, notice_list(request.user).filter(**wanted), "-id")
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.rows, states_of(page.rows)),
        "reset_url": request.path if wanted else "",
        "may_draft": request.user.has_perm("complaints.draft_notice"),
    }
    return render_page(request, "complaints/notices/index.html", context, fragment="rows")


@for_colleagues
@require_GET
def notice(request: Request, pk: UUID) -> HttpResponse:
    row, now = found(request.user, notice_detail(request.user), pk), timezone.now()
    picture = picture_of(states_of([row]).get(row.pk, {}))
    context = {
        "notice": row,
        "picture": picture,
        "letters": letters_of(row, texts_of(row)).values(),
        "approvals": approvals_of(row),
        "deadline": day_text(row.deadline) if row.deadline else "",
        "steps": steps_of(row, request.user, picture.figures),
        "history": notice_history(row, request.user),
        "is_sending": row.state == Notice.State.SENDING,
        **(_before(row, now) if row.state in NOT_SENT else {"calls": _calls(request, row, now)}),
    }
    return render_page(request, "complaints/notices/notice.html", context, fragment="progress")


def _before(row: Notice, now: datetime) -> dict[str, Any]:
    """Return who would be told, and what keeps it from being approved."""
    ready = readiness_of(row, timezone.localdate(now))
    return {
        "exposure": ready.exposure,
        "missing": ready.missing_languages,
        "faults": ready.faults,
    }


def _calls(request: Request, row: Notice, now: datetime) -> int:
    return to_call(row, request.user, now).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """verb -- permission, audit verb, URL name and REST action in one, without the app."""

    verb: str
    service: Callable[..., Notice]
    title: Sentence
    explains: Sentence
    submit: Sentence
    done: Sentence
    icon: str

    @property
    def view(self) -> Callable[[Request, UUID], HttpResponse]:
        return _view_of(self)


def _view_of(step: Step) -> Callable[[Request, UUID], HttpResponse]:
    @for_colleagues
    @require_http_methods(["GET", "POST"])
    def view(request: Request, pk: UUID) -> HttpResponse:
        row = found(request.user, notice_detail(request.user), pk, f"complaints.{step.verb}")
        now = timezone.now()
        form = StepForm(request.POST or None, initial={"version": row.version})
        if submit(request, form, step.service, notice=row, now=now):
            return go_to(request, "complaints:notice", pk, says=step.done)
        context = {
            "notice": row,
            "step": step,
            "form": form,
            "letters": letters_of(row, texts_of(row)).values(),
            "cancel_url": resolve_url("complaints:notice", pk),
            **(_before(row, now) if row.state in NOT_SENT else {}),
        }
        return render_page(request, "complaints/notices/step.html", context, fragment="form")

    return view


STEPS: Final = (
    Step(
        verb="approve_notice",
        service=services.approve_notice,
        title=_("Read and approve"),
        explains=_(
            "You say that every word may go to every holder. Whoever changes it takes your yes away."
        ),
        submit=_("I approve it"),
        done=_("Approved."),
        icon="check",
    ),
    Step(
        verb="send_notice",
        service=services.send_notice,
        title=_("Send to all"),
        explains=_(
            "The list of recipients is fixed now and the letters leave one by one. "
            "The words can never be changed after this."
        ),
        submit=_("Send it now"),
        done=_("The letters are leaving."),
        icon="send",
    ),
    Step(
        verb="close_notice",
        service=services.close_notice,
        title=_("Close the notice"),
        explains=_("Everybody has confirmed, acted, or truly cannot be reached."),
        submit=_("Close it"),
        done=_("Closed."),
        icon="checks",
    ),
)
