"""Forms of complaints. They check shape only; the rules are in the services."""

from complaints.forms.actions import (
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
from complaints.forms.log import (
    JudgementForm,
    LogForm,
)
from complaints.forms.queue import (
    AssignManyForm,
    PickForm,
    QueueFilter,
)

__all__ = [
    "ActionForm",
    "AssignForm",
    "AssignManyForm",
    "AttachForm",
    "CallbackForm",
    "Case",
    "CommentForm",
    "JudgementForm",
    "LogForm",
    "NoteForm",
    "PickForm",
    "QueueFilter",
    "ReopenForm",
    "ReplyForm",
    "ResolveForm",
    "ResumeForm",
    "TriageForm",
    "WaitForm",
]
