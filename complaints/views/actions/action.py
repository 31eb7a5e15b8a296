"""One action on a complaint: a form, its service, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from complaints.forms import ActionForm, Case
from complaints.views.doors import seen_complaint
from core.errors import Sentence
from core.pages import Request, go_to, render_page, submit

BACK_TO, LIST_OF_CALLS = "back", "callbacks"
View = Callable[[Request, UUID], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """verb -- permission, audit verb, URL name and REST action in one, without the app.

    why_not -- asked where the state allows it: "" if it is possible, a sentence if something is
    missing before, None if it is no matter now.
    """

    form: type[ActionForm]
    service: Callable[..., Any]
    label: Sentence
    submit: Sentence
    done: Sentence
    icon: str
    hotkey: str = ""
    why_not: Callable[[Case], Sentence | None] = lambda case: ""

    @property
    def verb(self) -> str:
        return self.form.verb

    @property
    def url_name(self) -> str:
        return f"complaints:{self.verb}"

    @property
    def view(self) -> View:
        return _view_of(self)


def _view_of(action: Action) -> View:
    @require_http_methods(["GET", "POST"])
    def view(request: Request, pk: UUID) -> HttpResponse:
        complaint, now = seen_complaint(request, pk), timezone.now()
        if not request.user.has_perm(f"complaints.{action.verb}", complaint):
            raise PermissionDenied
        case = Case(complaint=complaint, user=request.user, now=now)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = action.form(*sent, case=case)
        form.focus()
        if submit(request, form, action.service, complaint=complaint, now=now):
            if request.GET.get(BACK_TO) == LIST_OF_CALLS:
                return go_to(request, "complaints:callbacks", says=action.done)
            return go_to(request, "complaints:detail", pk, says=action.done)
        post_url = request.get_full_path()
        context = {"action": action, "form": form, "complaint": complaint, "post_url": post_url}
        return render_page(request, "complaints/action.html", context, fragment="form")

    return view
