"""How a notice stands, as pages draw it: a bar of its recipients, and what may be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.coverage import Coverage, coverage_of
from complaints.models import Notice, NoticeApproval, Recipient
from complaints.notice_queries import NO_ADDRESS
from complaints.notice_steps import STARTS, awaited, wanted_roles
from core.errors import Sentence
from core.models import User

BAR: Final = 1000
"""How wide a whole bar is drawn."""
State = Recipient.State
ORDER: Final[tuple[str, ...]] = (
    State.ACTION_DONE,
    State.ACKNOWLEDGED,
    State.DELIVERED,
    State.SENT,
    State.PENDING,
    NO_ADDRESS,
    State.BOUNCED,
    State.UNREACHABLE,
)
"""From what is done to what went wrong, as the bar shows it."""
LABELS: Final[Mapping[str, Sentence]] = {
    **dict(State.choices),
    NO_ADDRESS: _("No address: call"),
}
STEP_WORDS: Final[Mapping[str, tuple[Promise | str, str]]] = {
    "edit_notice": (pgettext_lazy("a notice", "Edit"), "pencil"),
    "approve_notice": (_("Read and approve"), "check"),
    "send_notice": (_("Send to all"), "send"),
    "close_notice": (pgettext_lazy("a notice", "Close"), "checks"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One state of the bar: how many, where it begins and how wide it is, of BAR."""

    state: str
    label: Sentence
    count: int
    start: int
    width: int

    @property
    def query(self) -> str:
        return "?" + urlencode({"state": self.state})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    figures: Coverage
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    notice: Notice
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """One of the approvals it needs; approval is None while it is awaited."""

    role: Sentence
    approval: NoticeApproval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStep:
    """What the person may do; why_not says what is missing, "" if it is possible now."""

    verb: str
    label: Sentence
    icon: str
    why_not: Sentence

    @property
    def url_name(self) -> str:
        return f"complaints:{self.verb}"


def picture_of(states: Mapping[str, int]) -> Picture:
    """Draw so many recipients in each state."""
    figures, parts, start, before = coverage_of(states), [], 0, 0
    for state in ORDER:
        count = states.get(state, 0)
        if count:
            before += count
            end = BAR * before // figures.recipients
            parts.append(
                Part(state=state, label=LABELS[state], count=count, start=start, width=end - start)
            )
            start = end
    return Picture(figures=figures, parts=tuple(parts))


def lines_of(
    notices: Iterable[Notice], states: Mapping[UUID, Mapping[str, int]]
) -> list[NoticeLine]:
    return [
        NoticeLine(notice=notice, picture=picture_of(states.get(notice.pk, {})))
        for notice in notices
    ]


def approvals_of(notice: Notice) -> list[Yes]:
    """Return the approvals it needs, each with who gave it."""
    given = {approval.role: approval for approval in notice.approvals.all()}
    return [
        Yes(role=NoticeApproval.Role(role).label, approval=given.get(role))
        for role in wanted_roles(notice)
    ]


def steps_of(notice: Notice, user: User, figures: Coverage) -> list[NoticeStep]:
    """Return what the person may do with it, now or after a step that is missing."""
    steps = []
    for verb in STARTS:
        if user.has_perm(f"complaints.{verb}", notice):
            why_not = _why_not(verb, notice, user, figures)
            if why_not is not None:
                label, icon = STEP_WORDS[verb]
                steps.append(NoticeStep(verb=verb, label=label, icon=icon, why_not=why_not))
    return steps


def _why_not(verb: str, notice: Notice, user: User, figures: Coverage) -> Sentence | None:
    """Return "" if it is possible, a sentence if it soon may be, None if it is no matter."""
    if verb == "send_notice" and notice.state == Notice.State.DRAFT:
        return _("It must be approved first.")
    if verb == "close_notice" and notice.state == Notice.State.SENDING:
        return _("The letters are still leaving.")
    if notice.state not in STARTS[verb]:
        return None
    if verb == "approve_notice":
        return _why_not_approve(notice, user)
    if verb == "close_notice" and figures.open:
        return _("Some recipients have neither confirmed nor been given up after three tries.")
    return ""


def _why_not_approve(notice: Notice, user: User) -> Sentence:
    if user.pk in {notice.author_id, notice.edited_by_id}:
        return _("You wrote it, so somebody else must approve it.")
    if not any(user.has_role(role) for role in awaited(notice)):
        return _("Your part is done: somebody in another role must say yes.")
    return ""
