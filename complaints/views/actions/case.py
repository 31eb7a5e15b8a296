"""What is done to every complaint: judged, given, answered, waited for, resolved, reopened."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.forms import (
    AssignForm,
    AttachForm,
    CommentForm,
    NoteForm,
    ReopenForm,
    ReplyForm,
    ResolveForm,
    ResumeForm,
    TriageForm,
    WaitForm,
)
from complaints.views.actions.action import Action
from complaints.views.actions.learning import unless_locked
from complaints.views.actions.recovery import what_is_missing

CASE: Final = (
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
        why_not=unless_locked,
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
        why_not=what_is_missing,
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
