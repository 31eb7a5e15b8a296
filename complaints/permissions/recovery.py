"""Who may find out, apologise, ask, decide, give and prevent (11.4)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_support, is_technician, owns
from complaints.models import Prevention
from complaints.permissions.people import is_on_it, leads_it, works_on_it
from core.access import has_role, permit, rule, system_verb, word_fact
from core.models import User

is_executive = has_role(User.Role.EXECUTIVE)
decides_fault = owns | is_head
answers_for_it = owns | is_head | (is_support & leads_it)
DECISIONS = {
    "accept": _("yes"),
    "counter": _("something else offered"),
    "decline": _("declined"),
}
ANSWERS = {"accept": _("agreed"), "ask_again": _("wants something else")}


@rule
def prevents_it(user: User, complaint: Any = None) -> bool:
    """Say whether the person makes sure that it cannot happen again."""
    if complaint is None:
        return False
    return Prevention.objects.filter(complaint=complaint, owner__in=user.principals).exists()


word_fact("decision", lambda decision: DECISIONS.get(decision, decision))
word_fact("answer", lambda answer: ANSWERS.get(answer, answer))
permit(
    "complaints.lower_priority",
    is_head,
    says=_("Lowered the priority of {label}"),
    icon="arrow-down",
)
permit(
    "complaints.record_findings",
    owns | is_head | is_support | (is_technician & is_on_it),
    says=_("Recorded the findings on {label}"),
    icon="search",
)
permit(
    "complaints.let_stand",
    is_head,
    says=_("Accepted that the cause of {label} cannot be found out"),
    icon="question-mark",
)
permit(
    "complaints.disclose",
    works_on_it,
    says=_("Told the client of our own mistake: {label}"),
    icon="speakerphone",
)
permit(
    "complaints.confirm_understanding",
    works_on_it,
    says=_("The client confirmed that we understood {label}"),
    icon="messages",
)
permit(
    "complaints.set_wants",
    works_on_it,
    says=_("Judged what the upset client wants: {label}"),
    icon="list-check",
)
permit(
    "complaints.apologise", works_on_it, says=_("Apologised for {label}"), icon="heart-handshake"
)
permit(
    "complaints.skip_apology",
    answers_for_it,
    says=_("Noted why nobody apologises for {label}"),
    icon="circle-minus",
)
permit(
    "complaints.ask_client",
    works_on_it,
    says=_("Asked the client what would put {label} right"),
    icon="help-circle",
)
permit(
    "complaints.note_failed_ask",
    works_on_it,
    says=_("Tried in vain to ask the client about {label}"),
    icon="phone-off",
)
permit(
    "complaints.record_remedy",
    works_on_it,
    says=_("The client said what would put {label} right"),
    icon="bulb",
)
permit(
    "complaints.judge_remedy",
    works_on_it,
    says=_("Checked what the client proposes for {label}"),
    icon="tool",
)
permit(
    "complaints.decide_remedy",
    owns | is_head | is_executive,
    says=_("Answered what the client proposes for {label}: {decision}"),
    icon="scale",
)
permit(
    "complaints.answer_remedy",
    works_on_it,
    says=_("The client answered our offer for {label}: {answer}"),
    icon="message",
)
permit(
    "complaints.deliver_remedy",
    works_on_it,
    says=_("Delivered what we agreed to for {label}"),
    icon="truck-delivery",
)
permit(
    "complaints.confirm_remedy",
    works_on_it,
    says=_("The client has what we agreed to for {label}"),
    icon="check",
)
permit(
    "complaints.offer_make_good",
    owns | is_head | is_support,
    says=_("Planned X plus something for {label}"),
    icon="package",
)
permit(
    "complaints.agree_make_good",
    owns | is_head | is_executive,
    says=_("Agreed to X plus something for {label}"),
    icon="package",
)
permit(
    "complaints.deliver_make_good",
    works_on_it,
    says=_("Delivered X plus something for {label}"),
    icon="package",
)
permit(
    "complaints.plan_prevention",
    works_on_it,
    says=_("Planned what stops {label} from happening again"),
    icon="shield-check",
)
permit(
    "complaints.tell_prevention",
    works_on_it,
    says=_("Told the client what stops {label} from happening again"),
    icon="shield-check",
)
permit(
    "complaints.finish_prevention",
    works_on_it | prevents_it,
    says=_("Made sure that {label} cannot happen again"),
    icon="shield-check",
)
system_verb(
    "complaints.remind_remedy",
    says=_("Nobody has decided yet on what the client proposes for {label}"),
    icon="bulb",
)
