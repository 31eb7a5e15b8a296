"""Who may do what with accounts. Names match the verbs used in services."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.kinds import NO_SLA, alert_kind, task_kind
from accounts.models import Account, Alert, BadNews, Holding
from core.access import has_role, permit, rule, system_verb, word_fact
from core.history import open_history
from core.models import User
from core.wording import SHORT_WITH_YEAR, day_text, moment_text

is_head = has_role(User.Role.HEAD_OF_KAM)
is_support = has_role(User.Role.SUPPORT_AGENT)
is_manager = has_role(User.Role.ACCOUNT_MANAGER)
is_program = has_role(User.Role.API_CLIENT)
is_administrator = has_role(User.Role.ADMINISTRATOR)
is_technician = has_role(User.Role.TECHNICIAN)
is_finance = has_role(User.Role.FINANCE)
talks_to_clients = is_manager | is_support | is_head | is_technician


@rule
def anybody(user: User, obj: Any = None) -> bool:
    return True


@rule
def owns(user: User, obj: Any = None) -> bool:
    """Say whether it is an account manager's own: by himself, as deputy, in the team, or through the group."""
    if obj is None or not user.has_role(User.Role.ACCOUNT_MANAGER):
        return False
    account = obj if isinstance(obj, Account) else obj.account
    return account.is_own_of(user)


@rule
def made_it(user: User, promise: Any = None) -> bool:
    return promise is not None and promise.made_by_id in user.principals


@rule
def owns_holder(user: User, obj: Any = None) -> bool:
    """Say whether what is held is at, or went through, an account of an account manager's own."""
    return bool(owns(user, obj.parent if isinstance(obj, Holding) else obj))


@rule
def logged_it(user: User, touch: Any = None) -> bool:
    return touch is not None and touch.by_id == user.pk


@rule
def brought_it(user: User, news: Any = None) -> bool:
    return news is not None and news.reported_by_id == user.pk


def may_name_messenger(user: User, news: BadNews) -> bool:
    """Say whether the person may know who brought the news: its manager, the heads, he himself."""
    owns_it = news.account.owner_id in user.principals
    return bool(owns_it or is_head(user) or brought_it(user, news))


def tell_moment(told: str | None) -> str:
    """Return the moment on the reader's clock; a clock that stands still has none."""
    return moment_text(datetime.fromisoformat(told), SHORT_WITH_YEAR) if told else "–"


word_fact("due", tell_moment)
permit(
    "accounts.create",
    is_manager | is_support | is_head | is_program,
    says=_("Added the account"),
    icon="building",
)
permit("accounts.edit", owns | is_head, says=_("Changed the account"))
permit(
    "accounts.reassign",
    is_head | is_administrator,
    says=_("Gave the account to others"),
    icon="users",
)
for told in ("signed_on", "returned_on"):
    word_fact(told, lambda day: day_text(date.fromisoformat(day)))
permit(
    "accounts.sign_contract",
    owns | is_head | is_finance,
    says=_("Recorded the signed contract {number} of {signed_on}"),
    icon="contract",
)
permit(
    "accounts.set_annual_margin",
    owns | is_head | is_finance,
    says=_("Noted what the client earns us in a year"),
    icon="coin",
)
system_verb(
    "accounts.hold_unknown",
    says=_("Made a place for people we do not know yet"),
    icon="user-question",
)
judges_contacts = (owns | is_head) & ~is_program
permit(
    "accounts.read_attitude",
    judges_contacts,
    says=_("Noted a person’s attitude to us"),
    icon="gauge",
)
permit("accounts.set_influence", judges_contacts, says=_("Noted a person’s influence"))
keeps_deliveries = owns_holder | is_support | is_head | is_technician
permit(
    "accounts.add_holding", keeps_deliveries, says=_("Noted a delivery: {label}"), icon="package"
)
permit("accounts.edit_holding", keeps_deliveries, says=_("Corrected a delivery: {label}"))
permit(
    "accounts.return_holding",
    keeps_deliveries,
    says=_("Came back on {returned_on}: {label}"),
    icon="package",
)
permit(
    "accounts.add_contact", owns | is_support | is_head, says=_("Added a contact"), icon="user-plus"
)
permit("accounts.edit_contact", owns | is_support | is_head, says=_("Changed a contact"))
permit(
    "accounts.log_touch",
    talks_to_clients | is_program,
    says=_("Talked with the client"),
    icon="messages",
)
permit(
    "accounts.approve_hospitality",
    is_head & ~logged_it,
    says=_("Approved the hospitality"),
    icon="check",
)
permit(
    "accounts.refuse_hospitality", is_head & ~logged_it, says=_("Refused the hospitality"), icon="x"
)
permit("accounts.make_promise", talks_to_clients, says=_("Promised {label}"), icon="flag")
permit(
    "accounts.keep_promise",
    made_it | owns | is_head,
    says=_("Kept the promise {label}"),
    icon="check",
)
permit(
    "accounts.renegotiate_promise",
    made_it | owns | is_head,
    says=_("Agreed with the client on a later time for {label}"),
    icon="calendar-event",
)
permit(
    "accounts.withdraw_promise",
    made_it | owns | is_head,
    says=_("The client no longer needs {label}"),
    icon="x",
)
system_verb("accounts.remind_promise", says=_("The promise {label} is due {due}"), icon="bell")
system_verb(
    "accounts.retry_promise", says=_("No answer, try {tries} of 3: {label}"), icon="phone-off"
)
system_verb(
    "accounts.put_off_promise",
    says=_("The client asked for another time, {due}: {label}"),
    icon="calendar-event",
)
system_verb(
    "accounts.hand_over_promise", says=_("Somebody else keeps the promise {label}"), icon="users"
)
system_verb("accounts.void_promise", says=_("The promise {label} is no longer needed"), icon="x")
system_verb(
    "accounts.break_promise", says=_("The promise {label} was broken"), icon="alert-triangle"
)
permit("accounts.report_bad_news", anybody, says=_("Told the bad news"), icon="speakerphone")
permit(
    "accounts.acknowledge_bad_news",
    owns | is_head,
    says=_("Acknowledged the bad news"),
    icon="eye",
)
permit(
    "accounts.tell_client",
    owns | is_support | is_head,
    says=_("Told the client the bad news"),
    icon="message",
)
permit(
    "accounts.spare_client",
    owns | is_head,
    says=_("Decided that the client need not hear the bad news"),
    icon="circle-minus",
)
permit(
    "accounts.thank_messenger",
    (owns | is_head) & ~brought_it,
    says=_("Thanked whoever brought the bad news"),
    icon="heart-handshake",
)
system_verb(
    "accounts.remind_bad_news",
    says=_("Nobody has acknowledged the bad news yet: due {due}"),
    icon="speakerphone",
)


@rule
def is_assigned(user: User, obj: Any = None) -> bool:
    return obj is not None and obj.assignee_id in user.principals


@rule
def only_heads_put_off(user: User, alert: Any = None) -> bool:
    return alert is not None and (alert.level == Alert.Level.RED or alert.kind == NO_SLA)


deals_with_it = is_assigned | owns | is_head
word_fact("seen", lambda seen: alert_kind(seen["kind"]).says(seen["facts"]))
word_fact("task", lambda kind: task_kind(kind).label)
word_fact("until", tell_moment)
system_verb("accounts.raise_alert", says=_("Alert: {seen}"), icon="alert-triangle")
system_verb("accounts.renew_alert", says=_("New figures: {seen}"), icon="refresh")
system_verb("accounts.expire_alert", says=_("No longer true: {seen}"), icon="history")
permit("accounts.acknowledge_alert", deals_with_it, says=_("Saw the alert: {seen}"), icon="eye")
permit(
    "accounts.snooze_alert",
    is_head | (owns & ~only_heads_put_off),
    says=_("Put off until {until}: {seen}"),
    icon="clock-pause",
)
permit("accounts.resolve_alert", deals_with_it, says=_("Dealt with: {seen}"), icon="checks")
permit(
    "accounts.open_task",
    talks_to_clients | has_role(User.Role.FINANCE),
    says=_("New task: {task}"),
    icon="square-check",
)
permit("accounts.edit_task", deals_with_it, says=_("Changed the task: {task}"))
permit("accounts.finish_task", deals_with_it, says=_("Task done: {task}"), icon="check")
permit("accounts.cancel_task", deals_with_it, says=_("Task not needed: {task}"), icon="x")


TOLD_TO_PROGRAMS = (
    "create",
    "edit",
    "add_contact",
    "edit_contact",
    "sign_contract",
    "add_holding",
    "edit_holding",
    "return_holding",
    "log_touch",
    "make_promise",
    "keep_promise",
    "renegotiate_promise",
    "withdraw_promise",
    "break_promise",
)
"""Verbs whose entries hold nothing internal: alerts, tasks and bad news are for colleagues."""


STAKE_VERBS = ("accounts.read_attitude", "accounts.set_influence")
COST_VERBS = ("accounts.set_annual_margin",)


def _history(user: User) -> Q:
    """Open it to all; to a program only of the accounts it is limited to.

    The entry that names who brought bad news is only for those who may know him, what belongs to
    STAKE or COST only for those who read these.
    """
    if is_head(user):
        return Q()
    owned = Account.objects.filter(owner__in=user.principals)
    told = Q(actor=user) | Q(account_id__in=owned.values("pk"))
    readable = ~Q(verb="accounts.report_bad_news") | told
    in_stake, in_cost = Account.objects.in_stake_of(user), Account.objects.in_cost_of(user)
    readable &= ~Q(verb__in=STAKE_VERBS) | Q(account_id__in=in_stake.values("pk"))
    readable &= ~Q(verb__in=COST_VERBS) | Q(account_id__in=in_cost.values("pk"))
    if is_program(user):
        readable &= Q(account_id__in=Account.objects.visible_to(user).values("pk"))
        readable &= Q(verb__in=[f"accounts.{verb}" for verb in TOLD_TO_PROGRAMS])
    return readable


open_history("accounts", _history)
