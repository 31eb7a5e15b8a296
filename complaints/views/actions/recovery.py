"""How trust is won back: found out, told, apologised, asked, decided, given, prevented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.deciding import deciders_of, may_decide
from complaints.forms import (
    AgreeMakeGoodForm,
    AnswerRemedyForm,
    ApologyForm,
    AskForm,
    Case,
    ConfirmRemedyForm,
    DecideForm,
    DeliverMakeGoodForm,
    DeliverRemedyForm,
    DiscloseForm,
    FailedAskForm,
    FindingsForm,
    FinishPreventionForm,
    JudgeForm,
    LetStandForm,
    LowerForm,
    MakeGoodForm,
    PreventionForm,
    RemedyForm,
    SkipApologyForm,
    TellPreventionForm,
    UnderstandingForm,
    WantsForm,
)
from complaints.guards import missing_for_resolving, owes_disclosure
from complaints.transitions import MAKE_GOOD_STARTS, REMEDY_STARTS
from complaints.views.actions.action import Action
from core.errors import Sentence
from core.models import User

WhyNot = Callable[[Case], Sentence | None]


def only_if(is_so: Callable[[Case], bool]) -> WhyNot:
    """Return a rule that offers the action only where it is a matter at all."""
    return lambda case: "" if is_so(case) else None


def _by_remedy(verb: str) -> WhyNot:
    return only_if(lambda case: case.recovery.remedy.state in REMEDY_STARTS[verb])


def _by_good(verb: str) -> WhyNot:
    def is_so(case: Case) -> bool:
        good = case.recovery.make_good
        return verb == "offer_make_good" if good is None else good.state in MAKE_GOOD_STARTS[verb]

    return only_if(is_so)


def what_is_missing(case: Case) -> Sentence:
    """Say what must happen before the complaint may be resolved."""
    missing = missing_for_resolving(case.recovery)
    return format_lazy(" ".join(["{}"] * len(missing)), *(each.detail for each in missing))


def _whose_decision(case: Case) -> Sentence | None:
    remedy, finding = case.recovery.remedy, case.recovery.finding
    if remedy.state not in REMEDY_STARTS["decide_remedy"]:
        return None
    if may_decide(case.user, remedy, finding):
        return ""
    who = User.Role(deciders_of(remedy, finding)[0]).label
    return format_lazy(_("By what it costs, {who} decides."), who=who)


def _is_planned(case: Case) -> bool:
    return case.recovery.prevention is not None


def _is_to_be_done(case: Case) -> bool:
    planned = case.recovery.prevention
    return planned is not None and planned.done_at is None


FINDINGS: Final = (
    Action(
        form=FindingsForm,
        service=services.record_findings,
        label=_("Findings"),
        submit=_("Save the findings"),
        done=_("The findings are saved."),
        icon="search",
    ),
    Action(
        form=LetStandForm,
        service=services.let_stand,
        label=_("It cannot be found out"),
        submit=_("Let it stand"),
        done=_("It may stay unknown; toward the client it is ours."),
        icon="circle-minus",
        why_not=only_if(lambda case: not case.recovery.finding.is_settled),
    ),
    Action(
        form=DiscloseForm,
        service=services.disclose,
        label=_("Tell the client it is our mistake"),
        submit=_("Tell the client"),
        done=_("The client knows from us."),
        icon="speakerphone",
        why_not=only_if(lambda case: owes_disclosure(case.recovery.finding)),
    ),
)
WANTS: Final = (
    Action(
        form=UnderstandingForm,
        service=services.confirm_understanding,
        label=_("The client says we understood"),
        submit=_("Record it"),
        done=_("Recorded: the client has been heard."),
        icon="messages",
        why_not=only_if(lambda case: case.complaint.understood_at is None),
    ),
    Action(
        form=WantsForm,
        service=services.set_wants,
        label=_("What the client wants"),
        submit=_("Save the eight wants"),
        done=_("Saved."),
        icon="list-check",
    ),
    Action(
        form=ApologyForm,
        service=services.apologise,
        label=_("Apologise"),
        submit=_("Apologise"),
        done=_("The apology is on its way."),
        icon="heart-handshake",
    ),
    Action(
        form=SkipApologyForm,
        service=services.skip_apology,
        label=_("No apology"),
        submit=_("Save the reason"),
        done=_("Noted."),
        icon="circle-minus",
        why_not=only_if(lambda case: case.recovery.owes_apology),
    ),
)
REMEDY: Final = (
    Action(
        form=AskForm,
        service=services.ask_client,
        label=_("Ask the client"),
        submit=_("Ask what would put it right"),
        done=_("Asked."),
        icon="messages",
        why_not=_by_remedy("ask_client"),
    ),
    Action(
        form=FailedAskForm,
        service=services.note_failed_ask,
        label=_("Tried to ask in vain"),
        submit=_("Note the attempt"),
        done=_("The attempt is noted."),
        icon="phone-off",
        why_not=_by_remedy("note_failed_ask"),
    ),
    Action(
        form=RemedyForm,
        service=services.record_remedy,
        label=_("What the client proposes"),
        submit=_("Save the proposal"),
        done=_("Saved: it waits for a decision."),
        icon="star",
        why_not=_by_remedy("record_remedy"),
    ),
    Action(
        form=JudgeForm,
        service=services.judge_remedy,
        label=_("Can we do it?"),
        submit=_("Save"),
        done=_("Saved."),
        icon="tool",
        why_not=_by_remedy("judge_remedy"),
    ),
    Action(
        form=DecideForm,
        service=services.decide_remedy,
        label=_("Decide on the proposal"),
        submit=_("Tell the client"),
        done=_("Decided; the client has been told."),
        icon="check",
        why_not=_whose_decision,
    ),
    Action(
        form=AnswerRemedyForm,
        service=services.answer_remedy,
        label=_("The client answers our offer"),
        submit=_("Save the answer"),
        done=_("Saved."),
        icon="message",
        why_not=_by_remedy("answer_remedy"),
    ),
    Action(
        form=DeliverRemedyForm,
        service=services.deliver_remedy,
        label=_("Delivered what we agreed to"),
        submit=_("It is delivered"),
        done=_("Delivered: the promise is kept."),
        icon="check",
        why_not=_by_remedy("deliver_remedy"),
    ),
    Action(
        form=ConfirmRemedyForm,
        service=services.confirm_remedy,
        label=_("The client has it"),
        submit=_("The client confirms"),
        done=_("Confirmed."),
        icon="checks",
        why_not=_by_remedy("confirm_remedy"),
    ),
)
MAKE_GOOD: Final = (
    Action(
        form=MakeGoodForm,
        service=services.offer_make_good,
        label=_("X plus something"),
        submit=_("Save what the client gets"),
        done=_("Saved."),
        icon="plus",
        why_not=_by_good("offer_make_good"),
    ),
    Action(
        form=AgreeMakeGoodForm,
        service=services.agree_make_good,
        label=_("Agree to the make-good"),
        submit=_("Agree"),
        done=_("Agreed."),
        icon="check",
        why_not=_by_good("agree_make_good"),
    ),
    Action(
        form=DeliverMakeGoodForm,
        service=services.deliver_make_good,
        label=_("Make-good delivered"),
        submit=_("It is delivered"),
        done=_("Delivered."),
        icon="checks",
        why_not=_by_good("deliver_make_good"),
    ),
)
PREVENTION: Final = (
    Action(
        form=PreventionForm,
        service=services.plan_prevention,
        label=_("Prevention"),
        submit=_("Save the prevention"),
        done=_("Saved."),
        icon="shield-check",
    ),
    Action(
        form=TellPreventionForm,
        service=services.tell_prevention,
        label=_("Tell the client what we change"),
        submit=_("Tell the client"),
        done=_("The client knows that it will not happen again."),
        icon="send",
        why_not=only_if(_is_planned),
    ),
    Action(
        form=FinishPreventionForm,
        service=services.finish_prevention,
        label=_("Prevention done"),
        submit=_("It is done"),
        done=_("Done."),
        icon="checks",
        why_not=only_if(_is_to_be_done),
    ),
)
LOWER: Final = Action(
    form=LowerForm,
    service=services.lower_priority,
    label=_("Lower the priority"),
    submit=_("Lower it"),
    done=_("The priority is lower; the clocks follow."),
    icon="arrow-down",
    why_not=only_if(lambda case: not case.complaint.safety),
)
RECOVERY: Final = (*FINDINGS, *WANTS, *REMEDY, *MAKE_GOOD, *PREVENTION, LOWER)
