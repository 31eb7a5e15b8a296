"""Problems: one cause that hurts several clients, or endangers somebody, until it is gone (C-15)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from complaints.calling import CALL_TIME
from complaints.kinds import PROBLEM_CHECK
from complaints.models import Complaint, Problem
from complaints.problems import (
    ENOUGH,
    finish_check,
    head,
    hold_cause,
    is_dangerous,
    link_complaints,
    standing_problems,
    stands_for,
    struck,
    times_struck,
)
from complaints.transitions import require_reason
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, Actor, operation
from core.reference import next_reference

State = Problem.State
CHECK_DAYS = {True: 1, False: 3}
"""Business days in which somebody finds out whom else it hits; where there is danger, and else."""


class ProblemStands(DomainError):
    code = "problem_stands"


class NobodyOwns(DomainError):
    code = "nobody_owns"


class ChangeMissing(DomainError):
    code = "change_missing"


class NoticeUndecided(DomainError):
    code = "notice_undecided"


def notice_cause(complaint: Complaint, now: datetime) -> None:
    """Open or find, inside an operation on it, the problem behind a complaint whose cause is known.

    A cause makes a problem by its third complaint in 90 days over all accounts; one that
    endangers somebody by its first. The caller saves the complaint.
    """
    if not complaint.root_cause:
        complaint.problem = None
        return
    present = complaint.problem
    if present and stands_for(present, complaint) and not _hides_danger(present, complaint):
        return
    hold_cause(complaint.root_cause)
    complaint.problem = _standing(complaint, now) or _opened(complaint, now)


def open_problem(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: Actor,
    root_cause: str,
    item: str = "",
    batch: str = "",
    is_safety: bool = False,
    description: str = "",
    owner: User | None = None,
    seen_in: int = 0,
    now: datetime,
) -> Problem:
    """Open a problem and link the complaints of its cause; one at a time stands for cause and batch.

    owner   -- who solves it; a head of key accounts by default.
    seen_in -- how many complaints it was seen in by now, if they are counted already.
    """
    with operation("complaints.open_problem", actor=actor, on=None, at=now) as op:
        hold_cause(root_cause)
        for standing in standing_problems(root_cause, batch):
            if standing.batch == batch:
                raise ProblemStands(
                    _("The problem %(no)s stands for this cause already.") % {"no": standing.no},
                    no=standing.no,
                )
        owner = owner or head()
        if owner is None:
            raise NobodyOwns(_("Say who looks after the problem."))
        problem = Problem(
            no=next_reference("PRB", now.year), root_cause=root_cause, item=item.strip(),
            batch=batch, is_safety=is_safety, description=description.strip(), owner=owner,
            opened_at=now, seen_in=seen_in or times_struck(root_cause, batch, now),
        )  # fmt: skip
        op.create(problem)
        link_complaints(problem, now)
    return problem


def flag_danger(*, actor: Actor, problem: Problem, now: datetime) -> Problem:
    """Record that the cause endangers somebody, which nobody knew when it was opened."""
    with operation("complaints.flag_danger", actor=actor, on=problem, at=now):
        problem.is_safety = True
        problem.notice_decided_at, problem.no_notice_reason = None, ""
    return problem


def edit_problem(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    problem: Problem,
    owner: User,
    item: str,
    description: str,
    is_known: bool,
    now: datetime,
) -> Problem:
    """Write down what we know by now. is_known -- the cause has been found."""
    with operation("complaints.edit_problem", actor=actor, on=problem, at=now):
        _require_unsolved(problem)
        problem.owner, problem.item = owner, item.strip()
        problem.description = description.strip()
        problem.state = State.KNOWN if is_known else State.OPEN
    return problem


def solve_problem(*, actor: User, problem: Problem, change: str, now: datetime) -> Problem:
    """Record what was changed so that it cannot recur; whether to warn is decided before."""
    with operation("complaints.solve_problem", actor=actor, on=problem, at=now):
        _require_unsolved(problem)
        if not change.strip():
            raise ChangeMissing(_("Say what was changed, so that it cannot happen again."))
        if problem.notice_decided_at is None:
            raise NoticeUndecided(
                _(
                    "Decide first whether all who hold it must be warned: draft a notice, or say why not."
                )
            )
        problem.change = change.strip()
        problem.state, problem.solved_at = State.SOLVED, now
    return problem


def decide_no_notice(*, actor: User, problem: Problem, reason: str, now: datetime) -> Problem:
    """Decide that nobody else need be warned, and say why."""
    with operation("complaints.decide_no_notice", actor=actor, on=problem, at=now, reason=reason):
        _require_unsolved(problem)
        problem.no_notice_reason = require_reason(reason)
        problem.notice_decided_at = now
        finish_check(problem, problem.no_notice_reason, now)
    return problem


def _hides_danger(problem: Problem, complaint: Complaint) -> bool:
    """Say whether the complaint tells of a danger that its problem does not know of."""
    return is_dangerous(complaint) and not (problem.is_safety and problem.batch == complaint.batch)


def _standing(complaint: Complaint, now: datetime) -> Problem | None:
    """Return the open problem that stands for it; a danger is only told by one of its own."""
    for problem in standing_problems(complaint.root_cause, complaint.batch):
        if not is_dangerous(complaint):
            return problem
        if problem.batch == complaint.batch:
            if not problem.is_safety:
                flag_danger(actor=SYSTEM, problem=problem, now=now)
                _ask_whom_else(problem, complaint, now)
            return problem
    return None


def _opened(complaint: Complaint, now: datetime) -> Problem | None:
    """Open a problem if the cause makes one: of the batch where that is known, else of the cause."""
    of_batch, in_all = struck(complaint.root_cause, complaint.batch, now, besides=complaint)
    is_danger = is_dangerous(complaint)
    is_batch = is_danger or of_batch >= ENOUGH
    if not (is_batch or in_all >= ENOUGH):
        return None
    problem = open_problem(
        actor=SYSTEM, root_cause=complaint.root_cause, item=complaint.item,
        batch=complaint.batch if is_batch else "", is_safety=is_danger,
        owner=head() or complaint.lead,
        seen_in=of_batch if is_batch and complaint.batch else in_all, now=now,
    )  # fmt: skip
    _ask_whom_else(problem, complaint, now)
    return problem


def _ask_whom_else(problem: Problem, complaint: Complaint, now: datetime) -> None:
    account = complaint.account
    accounts.open_task(
        actor=SYSTEM, account=account, kind=PROBLEM_CHECK, assignee=problem.owner,
        due_at=business_days_later(account, now, CHECK_DAYS[problem.is_safety], at=CALL_TIME),
        subject=problem, facts={"no": problem.no, "complaint": str(complaint.pk)}, now=now,
    )  # fmt: skip


def _require_unsolved(problem: Problem) -> None:
    if problem.state == State.SOLVED:
        raise InvalidTransition(problem.get_state_display(), [])
