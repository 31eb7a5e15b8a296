"""Who may log, judge, answer, resolve and reopen."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_program, is_support, owns
from complaints.permissions.people import is_on_it, leads_it, works_here, works_on_it
from core.access import permit, system_verb

permit("complaints.log", works_here | is_program, says=_("Logged {label}"), icon="message-report")
permit(
    "complaints.triage", owns | is_support | is_head, says=_("Triaged {label}"), icon="list-check"
)
permit(
    "complaints.assign", owns | is_support | is_head, says=_("Assigned {label}"), icon="user-plus"
)
permit("complaints.reply", works_on_it, says=_("Answered the client on {label}"), icon="send")
permit("complaints.add_note", works_here, says=_("Added a note to {label}"), icon="note")
permit(
    "complaints.comment",
    works_here | is_program,
    says=_("The client wrote on {label}"),
    icon="message",
)
permit(
    "complaints.attach",
    works_here | is_program,
    says=_("Added a file to {label}"),
    icon="paperclip",
)
permit(
    "complaints.wait",
    owns | is_support | is_head | is_on_it,
    says=_("Waiting on {label}"),
    icon="hourglass",
)
permit(
    "complaints.resume",
    owns | is_support | is_head | is_on_it,
    says=_("Resumed work on {label}"),
    icon="player-play",
)
permit(
    "complaints.resolve",
    owns | is_head | (is_support & leads_it),
    says=_("Resolved {label}"),
    icon="check",
)
permit(
    "complaints.record_callback",
    owns | is_support | is_head | leads_it,
    says=_("Called back about {label}: {outcome}"),
    icon="phone",
)
permit("complaints.reopen", owns | is_support | is_head, says=_("Reopened {label}"), icon="refresh")
system_verb(
    "complaints.remind_waiting", says=_("The client has not answered on {label}"), icon="hourglass"
)
system_verb(
    "complaints.close_silent",
    says=_("Closed {label}: three calls and a letter stayed unanswered"),
    icon="check",
)
system_verb(
    "complaints.meet",
    says=_("The time of the appointment has come: {label}"),
    icon="calendar-event",
)
system_verb(
    "complaints.raise_priority",
    says=_("Raised the priority of {label}: the promised time runs out"),
    icon="arrow-up",
)
