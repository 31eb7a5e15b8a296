"""A notice to all affected: written, approved by two pairs of eyes, sent, closed (3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from complaints.checking import ReplyCheckStop
from complaints.exposure import LANGUAGES, Exposure, exposure
from complaints.models import Notice, NoticeApproval, NoticeText, Problem
from complaints.notice_check import BLAME, Fault, faults_of
from complaints.notice_firing import begin_sending
from complaints.notice_letter import Blocks
from complaints.notice_queries import blocks_of, coverage, texts_of
from complaints.notice_steps import awaited, missing_languages, require, wanted_roles
from complaints.problems import finish_check
from core.errors import DomainError
from core.models import User
from core.operations import Outcome, operation
from core.reference import next_reference

State = Notice.State
SPOKEN = dict(settings.LANGUAGES)
CONTENT = (
    "kind", "item", "batch", "is_consumer_product", "identification", "deadline", "contact",
    "partner_text",
)  # fmt: skip


class NoticeIncomplete(DomainError):
    code = "notice_incomplete"


class NoticeNotReady(DomainError):
    """Something in the notice must be put right first; the code says what."""

    code = "notice_not_ready"

    def __init__(self, fault: Fault, faults: list[Fault]) -> None:
        super().__init__(fault.sentence, faults=[each.facts() for each in faults])
        self.code = fault.code


class SamePerson(DomainError):
    code = "same_person"


class AlreadyApproved(DomainError):
    code = "already_approved"


class NobodyAffected(DomainError):
    code = "nobody_affected"


class LanguagesMissing(DomainError):
    code = "languages_missing"


class RecipientsOpen(DomainError):
    code = "recipients_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft:
    """What a person writes of a notice. texts -- by language, each with all its parts."""

    kind: str
    item: str
    contact: User
    texts: Mapping[str, Blocks]
    batch: str = ""
    is_consumer_product: bool = False
    identification: str = ""
    deadline: date | None = None
    partner_text: str = ""


def draft_notice(
    *, actor: User, draft: NoticeDraft, problem: Problem | None = None, now: datetime
) -> Notice:
    """Write a notice; nobody hears of it before it is approved and sent.

    problem -- what it warns of: whether to warn is decided with this.
    """
    with operation("complaints.draft_notice", actor=actor, on=None, at=now) as op:
        _require_whole(draft)
        notice = Notice(author=actor, problem=problem, **_content(draft))
        if problem is not None:
            op.also(problem)
            problem.notice_decided_at = problem.notice_decided_at or now
        notice.no = next_reference("NTC", now.year)
        if problem is not None:
            finish_check(problem, notice.no, now)
        op.create(notice)
        _keep_texts(notice, draft.texts, op)
    return notice


def edit_notice(*, actor: User, notice: Notice, draft: NoticeDraft, now: datetime) -> Notice:
    """Change what it says, before it is sent. What was approved must be approved anew."""
    with operation("complaints.edit_notice", actor=actor, on=notice, at=now) as op:
        require(notice, "edit_notice")
        _require_whole(draft)
        for name, value in _content(draft).items():
            setattr(notice, name, value)
        _keep_texts(notice, draft.texts, op)
        op.details["voided"], _rows = notice.approvals.all().delete()
        notice.state, notice.edited_by = State.DRAFT, actor
    return notice


def approve_notice(*, actor: User, notice: Notice, now: datetime) -> Notice:
    """Say yes to it: a head of key accounts, and for safety an executive as well.

    Raises ReplyCheckStop or NoticeNotReady while something in it must be put right, SamePerson
    for whoever wrote it or has said yes already.
    """
    with operation("complaints.approve_notice", actor=actor, on=notice, at=now) as op:
        require(notice, "approve_notice")
        given = {approval.role: approval.by_id for approval in notice.approvals.all()}
        _require_other_eyes(notice, actor, given)
        role = next((each for each in awaited(notice) if actor.has_role(each)), None)
        if role is None:
            raise AlreadyApproved(_("Your part is done: somebody in another role must say yes."))
        _refuse_faults(notice, now)
        NoticeApproval.objects.create(notice=notice, role=role, by=actor, at=now)
        if {*given, role} == set(wanted_roles(notice)):
            notice.state = State.APPROVED
        op.details["role"] = role
    return notice


def send_notice(*, actor: User, notice: Notice, now: datetime) -> Notice:
    """Begin to send it to everybody who holds the item now; from here on it never changes.

    The letters leave in the background. Raises NobodyAffected, LanguagesMissing if some of them
    read a language that it is not written in, and what approving raises: its day may have passed.
    """
    with operation("complaints.send_notice", actor=actor, on=notice, at=now) as op:
        require(notice, "send_notice")
        _refuse_faults(notice, now)
        found = exposure(notice)
        if not found.affected:
            raise NobodyAffected(
                _("Nobody holds it as far as we know. Check item and batch against the deliveries.")
            )
        _require_languages(notice, found)
        notice.started_at = now
        begin_sending(notice, found.affected, now)
        op.details["recipients"] = len(found.affected)
    return notice


def close_notice(*, actor: User, notice: Notice, now: datetime) -> Notice:
    """End it, when every recipient has confirmed, acted, or truly cannot be reached."""
    with operation("complaints.close_notice", actor=actor, on=notice, at=now) as op:
        require(notice, "close_notice")
        figures = coverage(notice)
        if figures.open:
            raise RecipientsOpen(
                ngettext_lazy(
                    "%(open)d recipient has neither confirmed nor been given up after three tries.",
                    "%(open)d recipients have neither confirmed nor been given up after three tries.",
                    figures.open,
                )
                % {"open": figures.open},
                open=figures.open,
            )
        notice.state, notice.closed_at = State.CLOSED, now
        op.details["recipients"] = figures.recipients
        op.details["acknowledged"] = figures.acknowledged
    return notice


def _content(draft: NoticeDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in CONTENT}


def _require_whole(draft: NoticeDraft) -> None:
    if not draft.item.strip():
        raise NoticeIncomplete(_("Say what the notice is about: the item or service component."))
    if not draft.texts or not LANGUAGES.issuperset(draft.texts):
        raise NoticeIncomplete(_("Write the notice in one language at least."))
    for language, blocks in draft.texts.items():
        if blocks.missing:
            raise NoticeIncomplete(
                _("Fill in every part of the text: none may be left out."),
                language=language,
                missing=blocks.missing,
            )


def _keep_texts(notice: Notice, texts: Mapping[str, Blocks], op: Outcome) -> None:
    present = {text.language: text for text in NoticeText.objects.filter(notice=notice)}
    for language, blocks in texts.items():
        text = present.pop(language, None)
        before = asdict(blocks_of(text)) if text else {}
        text = text or NoticeText(notice=notice, language=language)
        for name, words in asdict(blocks).items():
            setattr(text, name, words)
            op.changed(f"{language}.{name}", before.get(name), words)
        text.save()
    for language, text in present.items():
        op.changed(language, asdict(blocks_of(text)), None)
        text.delete()


def _require_other_eyes(notice: Notice, actor: User, given: Mapping[str, object]) -> None:
    if actor.pk in {notice.author_id, notice.edited_by_id}:
        raise SamePerson(_("You wrote it, so somebody else must approve it."))
    if actor.pk in given.values():
        raise SamePerson(_("You have approved it already; the other yes must be another person’s."))


def _refuse_faults(notice: Notice, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(notice.contact.time_zone)).date()
    faults = faults_of(notice, texts_of(notice), today)
    for fault in faults[:1]:
        if fault.code == BLAME:
            raise ReplyCheckStop(
                fault.sentence,
                score=fault.score,
                hits=[asdict(each) for each in fault.remarks],
                language=fault.language,
                faults=[each.facts() for each in faults],
            )
        raise NoticeNotReady(fault, faults)


def _require_languages(notice: Notice, found: Exposure) -> None:
    missing = missing_languages(notice, found)
    if missing:
        raise LanguagesMissing(
            format_lazy(
                _("Some recipients read a language that it is not written in yet: {languages}."),
                languages=", ".join(f"{SPOKEN[each]} ({count})" for each, count in missing.items()),
            ),
            missing=missing,
        )
