"""What can be done to a complaint: each action is a form, in place or on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints import services
from complaints.forms import (
    ActionForm,
    AssignForm,
    AttachForm,
    CallbackForm,
    Case,
    CommentForm,
    NoteForm,
    ReopenForm,
    ReplyForm,
    ResolveForm,
    ResumeForm,
    TriageForm,
    WaitForm,
)
from complaints.models import Complaint
from complaints.views.doors import seen_complaint
from core.errors import Sentence
from core.pages import Request, go_to, render_page, submit

BACK_TO, LIST_OF_CALLS = "back", "callbacks"
View = Callable[[Request, UUID], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """verb -- permission, audit verb, URL name and REST action in one, without the app."""

    form: type[ActionForm]
    service: Callable[..., Any]
    label: Sentence
    submit: Sentence
    done: Sentence
    icon: str
    hotkey: str = ""

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


ACTIONS: Final = {
    action.verb: action
    for action in (
        Action(
            form=TriageForm,
            service=services.triage,
            label=_("Triage"),
            submit=_("Save the triage"),
            done=_("Triaged."),
            icon="list-check",
            hotkey="t",
        ),
        Action(
            form=AssignForm,
            service=services.assign,
            label=_("Assign"),
            submit=_("Assign"),
            done=_("Assigned."),
            icon="user-plus",
            hotkey="a",
        ),
        Action(
            form=ReplyForm,
            service=services.reply,
            label=_("Reply"),
            submit=_("Send to the client"),
            done=_("Sent to the client."),
            icon="send",
            hotkey="r",
        ),
        Action(
            form=CommentForm,
            service=services.comment,
            label=_("The client wrote"),
            submit=_("Add the client's words"),
            done=_("Added."),
            icon="message",
            hotkey="c",
        ),
        Action(
            form=NoteForm,
            service=services.add_note,
            label=_("Internal note"),
            submit=_("Add the note"),
            done=_("Noted."),
            icon="note",
            hotkey="n",
        ),
        Action(
            form=AttachForm,
            service=services.attach_file,
            label=_("Add a file"),
            submit=_("Add the file"),
            done=_("The file is attached."),
            icon="paperclip",
        ),
        Action(
            form=WaitForm,
            service=services.wait,
            label=_("Wait"),
            submit=_("Send and wait"),
            done=_("Waiting."),
            icon="hourglass",
            hotkey="w",
        ),
        Action(
            form=ResumeForm,
            service=services.resume,
            label=_("Go on"),
            submit=_("Go on working"),
            done=_("Work goes on."),
            icon="player-play",
        ),
        Action(
            form=ResolveForm,
            service=services.resolve_complaint,
            label=_("Resolve"),
            submit=_("Tell the client and resolve"),
            done=_("Resolved. A call is promised: is it really fixed?"),
            icon="check",
            hotkey="s",
        ),
        Action(
            form=CallbackForm,
            service=services.record_callback,
            label=_("Follow-up call"),
            submit=_("Record the call"),
            done=_("The call is recorded."),
            icon="phone-call",
        ),
        Action(
            form=ReopenForm,
            service=services.reopen,
            label=_("Reopen"),
            submit=_("Take it up again"),
            done=_("Reopened: the clocks run."),
            icon="refresh",
        ),
    )
}
COMPOSING: Final = ("reply", "comment", "add_note")
STEPS: Final = ("triage", "assign", "wait", "resume", "resolve", "reopen")
ANY_TIME: Final = frozenset({"add_note", "comment", "attach"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action as the case page shows it; why_not says what is missing, "" if it is possible."""

    action: Action
    is_next: bool = False
    why_not: Sentence = ""


def offers(case: Case, verbs: Iterable[str], *, next_verb: str = "") -> list[Offer]:
    """Return the actions that this person may take now, and those that only lack a step before."""
    complaint = case.complaint
    permitted = [verb for verb in verbs if case.user.has_perm(f"complaints.{verb}", complaint)]
    shown = []
    for verb in permitted:
        why_not = _why_not(verb, complaint, case.now)
        if why_not is not None:
            offer = Offer(action=ACTIONS[verb], is_next=verb == next_verb, why_not=why_not)
            shown.append(offer)
    return shown


def _why_not(verb: str, complaint: Complaint, now: datetime) -> Sentence | None:
    """Return "" if the action is possible, a sentence if it soon may be, None if it is no matter."""
    if verb == "reopen" and complaint.resolved_at and not complaint.may_reopen(now):
        return _("It was resolved more than 30 days ago. Log a new complaint instead.")
    if verb in ANY_TIME or verb in services.allowed_now(complaint):
        return ""
    if verb == "assign" and complaint.state != Complaint.State.CLOSED:
        return ""
    if verb in {"wait", "resolve"} and complaint.state == Complaint.State.NEW:
        return _("Triage it first.")
    return None
