"""Reviews: talks with the client about how the contract was kept (4.6)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import services as accounts
from accounts.models import Task
from accounts.queries import standing
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation
from sla.contract_kinds import REVIEW_OVERDUE, SLA_REVIEW
from sla.contract_timers import schedule_contract
from sla.models import Contract, Review
from sla.periods import first_review_after
from sla.queries import local_day
from sla.spans import Month

NEVER_HELD = (*Contract.IN_TALKS, Contract.State.WITHDRAWN, Contract.State.REPLACED)


class HeldInTheFuture(DomainError):
    code = "held_in_the_future"


class NotWholeMonths(DomainError):
    code = "not_whole_months"


class MinutesMissing(DomainError):
    code = "minutes_missing"


def hold_review(  # noqa: PLR0913 -- the fields of one form
    *,
    actor: User,
    contract: Contract,
    first_month: date,
    last_month: date,
    held_on: date,
    attendees: str = "",
    minutes: str,
    now: datetime,
) -> Review:
    """Record a review that was held; the next one is planned, what asked for this one is done.

    first_month, last_month -- any days of the months that it looked at.
    """
    with operation("sla.hold_review", actor=actor, on=contract, at=now) as op:
        if contract.state in NEVER_HELD:
            raise InvalidTransition(contract.get_state_display(), [])
        months = Month.of(first_month), Month.of(last_month)
        _check(contract, months, held_on, minutes, now)
        review = Review(
            contract=contract, first_month=months[0].first, last_month=months[1].first,
            held_on=held_on, attendees=attendees.strip(), minutes=minutes.strip(),
            recorded_by=actor,
        )  # fmt: skip
        op.create(review)
        _plan_next(contract, held_on)
        _finish_duties(contract, now)
    return review


def _check(
    contract: Contract, months: tuple[Month, Month], held_on: date, minutes: str, now: datetime
) -> None:
    first, last = months
    if held_on > local_day(contract.account, now):
        raise HeldInTheFuture(gettext_lazy("Record the review after it was held."))
    if first > last or last.first > held_on:
        raise NotWholeMonths(
            gettext_lazy("The months run from the earlier one to the later, and not past the talk.")
        )
    if not minutes.strip():
        raise MinutesMissing(gettext_lazy("Write down what was said and agreed."))


def _plan_next(contract: Contract, held_on: date) -> None:
    """Keep the rhythm of the contract: a late review does not shift those after it."""
    if not contract.is_in_force:
        return
    day = max(held_on, contract.next_review or held_on)
    contract.next_review = first_review_after(day, contract.starts_on, contract.review_every)
    schedule_contract(contract)


def _finish_duties(contract: Contract, now: datetime) -> None:
    tasks = Task.objects.open().filter(account=contract.account_id, kind=SLA_REVIEW)
    for task in tasks.filter(subject_id=contract.pk):
        accounts.finish_task(actor=SYSTEM, task=task, now=now)
    for alert in standing(contract.account, REVIEW_OVERDUE).filter(subject_id=contract.pk):
        accounts.resolve_alert(actor=SYSTEM, alert=alert, reason=_("The review was held."), now=now)
