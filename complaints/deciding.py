"""Who decides on what a client proposes, and what waits for whom (C-9, 11.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from complaints.models import Complaint, Finding, MakeGood, Remedy
from complaints.remedy_route import EXECUTIVE, HEAD_OF_KAM, Route, route
from complaints.rules import REMEDY_LIMITS
from core.models import User

FREE: Final = Decimal(0)


def route_of(remedy: Remedy, finding: Finding) -> Route:
    """Return what the rule recommends for the client's proposal, and whose decision it is.

    What nobody has checked yet counts as possible; what nobody has estimated costs nothing.
    """
    return route(
        remedy.estimated_cost or FREE,
        is_justified=finding.justified != Finding.Justified.NO,
        is_feasible=remedy.feasible != Remedy.Feasible.NO,
        is_lawful=remedy.lawful,
        limits=REMEDY_LIMITS,
    )


def deciders_of(remedy: Remedy, finding: Finding) -> tuple[str, ...]:
    """Return the roles that may decide on the proposal; none if no authority is needed.

    Whoever may say yes to more may say yes to less, but executives decide only what lies above
    the heads.
    """
    approver = route_of(remedy, finding).approver
    if approver is None:
        return ()
    if approver == EXECUTIVE:
        return (User.Role.EXECUTIVE,)
    if approver == HEAD_OF_KAM:
        return (User.Role.HEAD_OF_KAM,)
    return (User.Role.ACCOUNT_MANAGER, User.Role.HEAD_OF_KAM)


def may_decide(user: User, remedy: Remedy, finding: Finding) -> bool:
    """Say whether the decision lies within the person's authority, whoever's client it is."""
    deciders = deciders_of(remedy, finding)
    return not deciders or user.has_role(*deciders)


def may_give(user: User) -> bool:
    """Say whether the person may do a client a favour that asks nothing in return (11.4)."""
    return user.has_role(User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE)


def remedies_to_decide(user: User) -> QuerySet[Remedy]:
    """Return what clients propose and this person decides, the oldest first."""
    manager, head = REMEDY_LIMITS
    impossible = Q(feasible=Remedy.Feasible.NO) | Q(lawful=False)
    small = Q(estimated_cost=None) | Q(estimated_cost__lte=manager)
    mine = Q(pk__in=[])
    if user.has_role(User.Role.ACCOUNT_MANAGER):
        own = Q(complaint__account__in=Account.objects.own_of(user))
        mine |= own & (impossible | small)
    if user.has_role(User.Role.HEAD_OF_KAM):
        large = Q(estimated_cost__gt=manager, estimated_cost__lte=head)
        mine |= ~impossible & (large | (small & Q(is_gift=True)))
    if user.has_role(User.Role.EXECUTIVE):
        mine |= ~impossible & Q(estimated_cost__gt=head)
    return _waiting().alias(is_gift=_is_gift()).filter(mine)


def remedies_to_judge(user: User) -> QuerySet[Remedy]:
    """Return what this technician is to say can be done or not, the oldest first."""
    if not user.has_role(User.Role.TECHNICIAN):
        return Remedy.objects.none()
    return _waiting().filter(
        feasible=Remedy.Feasible.UNKNOWN, complaint__assignee__in=user.principals
    )


def _is_gift() -> Exists:
    unjustified = Finding.objects.filter(justified=Finding.Justified.NO)
    return Exists(unjustified.filter(complaint=OuterRef("complaint")))


def _waiting() -> QuerySet[Remedy]:
    rows = Remedy.objects.filter(state=Remedy.State.PROPOSED)
    return rows.select_related("complaint__account", "complaint__lead").order_by(
        "proposed_at", "id"
    )


def decider_of_plus(good: MakeGood) -> str:
    """Return the role that may agree to the plus: within the suggestion the manager does."""
    if good.plus_cost <= good.suggested:
        return User.Role.ACCOUNT_MANAGER
    _manager, head = REMEDY_LIMITS
    return User.Role.HEAD_OF_KAM if good.plus_cost <= head else User.Role.EXECUTIVE


def may_agree_to_plus(user: User, complaint: Complaint, good: MakeGood) -> bool:
    decider = decider_of_plus(good)
    if decider != User.Role.ACCOUNT_MANAGER:
        return user.has_role(decider)
    is_manager = user.has_role(User.Role.ACCOUNT_MANAGER) and complaint.account.is_own_of(user)
    return is_manager or user.has_role(User.Role.HEAD_OF_KAM)
