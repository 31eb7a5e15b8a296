"""Who may do what with contracts. Names match the verbs used in services."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.permissions import is_head, owns, tell_moment
from core.access import has_role, permit, rule, system_verb, word_fact
from core.history import open_history
from core.models import User
from sla.approvals import APPROVERS
from sla.credit_facts import tell_credit, tell_month
from sla.models import Approval, Exclusion, Metric
from sla.words import listed

word_fact("was_due", tell_moment)
word_fact("metric", lambda metric: Metric(metric).label)
permit("sla.draft", owns | is_head, says=_("Drafted the contract {label}"), icon="file-text")
permit("sla.edit", owns | is_head, says=_("Changed the draft {label}"))
permit(
    "sla.approve",
    has_role(*APPROVERS.values()),
    says=_("Approved “{approved}” in {label}"),
    icon="check",
)
permit("sla.propose", owns | is_head, says=_("Sent the client the contract {label}"), icon="send")
permit("sla.negotiate", owns | is_head, says=_("The client wants {label} changed"), icon="messages")
permit("sla.revise", owns | is_head, says=_("Drafted the next version, {label}"), icon="file-text")
permit("sla.agree", owns | is_head, says=_("The client accepts {label}"), icon="check")
permit("sla.sign", is_head, says=_("Signed the contract {label} for us"), icon="file-certificate")
permit(
    "sla.record_signature",
    owns | is_head,
    says=_("The client signed the contract {label}"),
    icon="file-certificate",
)
permit("sla.renew", owns | is_head, says=_("Drafted the renewal {label}"), icon="file-text")
permit("sla.terminate", is_head, says=_("Ended the contract {label}"), icon="x")
permit("sla.withdraw", owns | is_head, says=_("Withdrew {label}"), icon="x")
word_fact("approved", lambda kind: Approval.Kind(kind).label)
word_fact("kinds", lambda kinds: listed([str(Approval.Kind(kind).label) for kind in kinds]))
system_verb("sla.ask_approval", says=_("{label} needs approval: {kinds}"), icon="bell")
system_verb("sla.activate", says=_("The contract {label} is in force"), icon="check")
system_verb("sla.replace", says=_("A newer version took the place of {label}"), icon="refresh")
system_verb("sla.roll_over", says=_("The contract renewed itself: {label}"), icon="refresh")
system_verb("sla.expiring", says=_("The contract {label} ends on {ends_on}"), icon="bell")
system_verb(
    "sla.remind_renewal",
    says=_("Nobody has talked about renewing {label} yet: it ends on {ends_on}"),
    icon="bell",
)
system_verb("sla.expire", says=_("The contract {label} has ended"), icon="x")
permit(
    "sla.recompute",
    is_head,
    says=_("Ordered open deadlines to be recomputed: {count}"),
    icon="calendar-time",
)
system_verb(
    "sla.finish_recompute",
    says=_("Recomputed {count} open deadlines, {moved} of them moved"),
    icon="calendar-time",
)
system_verb(
    "sla.move_deadline",
    says=_("The deadline for “{metric}” moved from {was_due} to {due}: {label}"),
    icon="calendar-time",
)
system_verb("sla.warn", says=_("The clock for “{metric}” is at {step} %: {label}"), icon="clock")
system_verb("sla.breach", says=_("Deadline for “{metric}” missed: {label}"), icon="alert-triangle")
system_verb(
    "sla.escalate",
    says=_("The deadline for “{metric}” was {due}, and it is still open: {label}"),
    icon="flame",
)
is_finance = has_role(User.Role.FINANCE)
word_fact("credit", tell_credit)
word_fact("month", tell_month)
word_fact("exclusion", lambda kind: Exclusion.Kind(kind).label)
permit(
    "sla.exclude",
    is_head,
    says=_("Left a missed “{metric}” out of the figures: {case}. {exclusion}"),
    icon="circle-minus",
)
system_verb("sla.propose_credit", says=_("A credit of {credit} is due for {month}"), icon="coin")
permit(
    "sla.approve_credit",
    is_finance,
    says=_("Approved the credit of {credit} for {month}"),
    icon="check",
)
permit(
    "sla.issue_credit",
    owns | is_head | is_finance,
    says=_("Told the client of the credit of {credit} for {month}"),
    icon="send",
)
permit(
    "sla.waive_credit",
    is_head | is_finance,
    says=_("Recorded that the client waived the credit of {credit} for {month}"),
    icon="circle-minus",
)
permit(
    "sla.hold_review",
    owns | is_head,
    says=_("Held a review of the contract {label}"),
    icon="calendar-check",
)


@rule
def reads_contracts(user: User, obj: object = None) -> bool:
    """Everyone but those who only look after settings."""
    return set(user.roles) != {User.Role.ADMINISTRATOR}


reads_warnings = has_role(User.Role.ACCOUNT_MANAGER, User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE)
sees_all_warnings = has_role(User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE)
"""An account manager sees the warnings of his own accounts; fairness is compared by these alone."""


TOLD_TO_PROGRAMS = (
    "propose",
    "agree",
    "sign",
    "record_signature",
    "activate",
    "expire",
    "terminate",
    "breach",
    "move_deadline",
    "issue_credit",
    "hold_review",
)
"""Verbs of which the client knows: warnings, consents and credits not yet told are for colleagues."""


def _history(user: User) -> Q:
    if not reads_contracts(user):
        return Q(pk__in=[])
    if user.has_role(User.Role.API_CLIENT):
        told = Q(verb__in=[f"sla.{verb}" for verb in TOLD_TO_PROGRAMS])
        return told & Q(account_id__in=Account.objects.visible_to(user).values("pk"))
    return Q()


open_history("sla", _history)
