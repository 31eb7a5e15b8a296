"""Forms of complaints. They check shape only; the rules are in the services."""

from complaints.forms.actions import (
    ActionForm,
    AssignForm,
    AttachForm,
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
from complaints.forms.callback import CallbackForm
from complaints.forms.checked import CheckedForm
from complaints.forms.findings import (
    DiscloseForm,
    FindingsForm,
    FinishPreventionForm,
    LetStandForm,
    LowerForm,
    PreventionForm,
    TellPreventionForm,
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
from complaints.forms.remedy import (
    AgreeMakeGoodForm,
    AnswerRemedyForm,
    AskForm,
    ConfirmRemedyForm,
    DecideForm,
    DeliverMakeGoodForm,
    DeliverRemedyForm,
    FailedAskForm,
    JudgeForm,
    MakeGoodForm,
    RemedyForm,
)
from complaints.forms.wants import (
    ApologyForm,
    SkipApologyForm,
    UnderstandingForm,
    WantsForm,
)

__all__ = [
    "ActionForm",
    "AgreeMakeGoodForm",
    "AnswerRemedyForm",
    "ApologyForm",
    "AskForm",
    "AssignForm",
    "AssignManyForm",
    "AttachForm",
    "CallbackForm",
    "Case",
    "CheckedForm",
    "CommentForm",
    "ConfirmRemedyForm",
    "DecideForm",
    "DeliverMakeGoodForm",
    "DeliverRemedyForm",
    "DiscloseForm",
    "FailedAskForm",
    "FindingsForm",
    "FinishPreventionForm",
    "JudgeForm",
    "JudgementForm",
    "LetStandForm",
    "LogForm",
    "LowerForm",
    "MakeGoodForm",
    "NoteForm",
    "PickForm",
    "PreventionForm",
    "QueueFilter",
    "RemedyForm",
    "ReopenForm",
    "ReplyForm",
    "ResolveForm",
    "ResumeForm",
    "SkipApologyForm",
    "TellPreventionForm",
    "TriageForm",
    "UnderstandingForm",
    "WaitForm",
    "WantsForm",
]
