"""When something must happen to a contract by itself: its first and last day, talks, reviews.

Set inside the operations; `sla.contract_firing` is what the sweep calls.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from accounts.clockwork import business_days_later
from core.models import Timer
from core.timers import set_timers
from sla.models import Contract
from sla.periods import ONE_DAY

KIND: Final = "sla.contract"
START, EXPIRING, END, REVIEW, OVERDUE = "start", "expiring", "end", "review", "overdue"
TALKS: Final = {"talk60": 60, "talk30": 30}
"""When we are reminded of the renewal talk: so many days before the last one."""
MORNING, EVENING = time(9), time(18)
EXPIRING_DAYS, AFTER_NOTICE_DAYS = 90, 30
REVIEW_WITHIN: Final = 10
"""Business days that a review may take (4.6)."""


def schedule_contract(contract: Contract) -> None:
    """Set its timers anew by its state; none for a contract that is over or not yet signed."""
    set_timers(KIND, contract.pk, moments(contract))


def moments(contract: Contract) -> dict[str, datetime]:
    """Return what happens to the contract when, in UTC. Reviews carry their date in the step."""
    begins = local_moment(contract, contract.starts_on)
    if contract.state == Contract.State.AGREED and contract.is_signed:
        return {START: begins}
    if not contract.is_in_force:
        return {}
    return _end(contract, begins) | _review(contract)


def _end(contract: Contract, begins: datetime) -> dict[str, datetime]:
    if contract.ends_on is None:
        return {}
    ahead = max(EXPIRING_DAYS, contract.notice_days + AFTER_NOTICE_DAYS)
    # A contract shorter than that is expiring from its first moment.
    expiring = max(_morning_before_end(contract, ahead), begins)
    talks = {step: _morning_before_end(contract, days) for step, days in TALKS.items()}
    later = {step: at for step, at in talks.items() if at > expiring}
    return {EXPIRING: expiring, END: end_moment(contract), **later}


def _review(contract: Contract) -> dict[str, datetime]:
    if contract.next_review is None:
        return {}
    day = contract.next_review.isoformat()
    at = local_moment(contract, contract.next_review, MORNING)
    return {f"{REVIEW}:{day}": at, f"{OVERDUE}:{day}": _last_of_review(contract, at)}


def step_of(timer: Timer) -> tuple[str, date | None]:
    """Return the step of a timer, and of a review the day for which it was planned."""
    step, _colon, day = timer.step.partition(":")
    return step, date.fromisoformat(day) if day else None


def local_moment(contract: Contract, day: date, at: time = time()) -> datetime:
    """Return the moment on the account's wall clock, in UTC; midnight unless said."""
    zone = ZoneInfo(contract.account.time_zone)
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def end_moment(contract: Contract) -> datetime:
    """Return the midnight that ends the last day. Raises LookupError if it has none."""
    return local_moment(contract, _last_day(contract) + ONE_DAY)


def talk_due(contract: Contract, now: datetime) -> datetime:
    """Return by when the renewal talk is to be held: the last reminder of it, or else the end."""
    last = _morning_before_end(contract, min(TALKS.values()))
    return last if last > now else end_moment(contract)


def review_due(contract: Contract, planned_at: datetime, now: datetime) -> datetime:
    """Return by when a planned review is to be held; the next working day if that is past."""
    last = _last_of_review(contract, planned_at)
    return last if last > now else business_days_later(contract.account, now, 1, at=EVENING)


def _last_of_review(contract: Contract, planned_at: datetime) -> datetime:
    return business_days_later(contract.account, planned_at, REVIEW_WITHIN, at=EVENING)


def _morning_before_end(contract: Contract, days: int) -> datetime:
    return local_moment(contract, _last_day(contract) - timedelta(days=days), MORNING)


def _last_day(contract: Contract) -> date:
    if contract.ends_on is None:
        raise LookupError(f"the contract {contract.no} has no last day")
    return contract.ends_on
