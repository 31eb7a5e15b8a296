"""What can be done to a complaint. Browser, REST and timers all end up here."""

from complaints.services.callback import OUTCOMES, record_callback
from complaints.services.conversation import add_note, attach_file, comment, reply
from complaints.services.intake import Intake, assign, log_complaint, raise_priority, triage
from complaints.services.progress import (
    allowed_now,
    reopen,
    resolve_complaint,
    resume,
    wait,
)

__all__ = [
    "OUTCOMES",
    "Intake",
    "add_note",
    "allowed_now",
    "assign",
    "attach_file",
    "comment",
    "log_complaint",
    "raise_priority",
    "record_callback",
    "reopen",
    "reply",
    "resolve_complaint",
    "resume",
    "triage",
    "wait",
]
