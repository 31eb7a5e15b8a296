"""Bad news: told by anybody of ours, noted by the manager, passed on to the client (E-3)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.bad_news_lines import open_steps
from accounts.clockwork import ack_due, clear_bad_news, schedule_bad_news
from accounts.models import Account, BadNews
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import operation


class KnownInTheFuture(DomainError):
    code = "known_in_the_future"


class ToldAtNoSuchTime(DomainError):
    code = "told_at_no_such_time"


class NotSaidHow(DomainError):
    code = "not_said_how"


class ReasonMissing(DomainError):
    code = "reason_missing"


def report_bad_news(
    *,
    actor: User,
    account: Account,
    what: str,
    may_cause: str = "",
    first_known_at: datetime | None = None,
    now: datetime,
) -> BadNews:
    """Tell the account's manager and the heads at once that something will hurt the client.

    first_known_at -- when any of us knew first, not in the future; None is now.
    News of the manager himself counts as noted: the heads still hear of it.
    """
    with operation("accounts.report_bad_news", actor=actor, on=account, at=now) as op:
        if first_known_at and first_known_at > now:
            raise KnownInTheFuture(_("Nobody can know it before it is so: choose a time till now."))
        news = BadNews(
            account=account, what=what, may_cause=may_cause, first_known_at=first_known_at or now,
            reported_by=actor, reported_at=now, ack_due_at=ack_due(account, now),
        )  # fmt: skip
        op.details["due"] = news.ack_due_at.isoformat()
        if account.owner_id in actor.principals:
            _mark_noted(news, actor, now)
        op.create(news)
        if not news.is_acknowledged:
            schedule_bad_news(news)
    return news


def acknowledge_bad_news(*, actor: User, news: BadNews, now: datetime) -> BadNews:
    """Note that the manager is aware of it; the first one counts."""
    with operation("accounts.acknowledge_bad_news", actor=actor, on=news, at=now):
        if news.is_acknowledged:
            raise InvalidTransition(_("Manager knows"), open_steps(news))
        _note(news, actor, now)
    return news


def tell_client(
    *, actor: User, news: BadNews, how: str, told_at: datetime | None = None, now: datetime
) -> BadNews:
    """Record that the client heard it from us.

    told_at -- between first_known_at and now; None is now. Whoever may note the news and tells
    the client has noted it too. A client who need not have heard may be told all the same.
    """
    at = told_at or now
    with operation("accounts.tell_client", actor=actor, on=news, at=now) as op:
        if news.told_at:
            raise InvalidTransition(_("Client told"), open_steps(news))
        if not how.strip():
            raise NotSaidHow(_("Note how the client heard it: who told whom, and how."))
        if not news.first_known_at <= at <= now:
            raise ToldAtNoSuchTime(
                _("The client can have heard it only after we knew, and not in the future.")
            )
        news.told_at, news.told_by, news.told_how, news.spared_because = at, actor, how, ""
        op.happened_at = at
        if actor.has_perm("accounts.acknowledge_bad_news", news):
            _note(news, actor, max(at, news.reported_at))
    return news


def spare_client(*, actor: User, news: BadNews, reason: str, now: datetime) -> BadNews:
    """Decide that the client need not hear of it, and note it."""
    with operation("accounts.spare_client", actor=actor, on=news, at=now):
        if news.told_at or news.spared_because:
            state = _("Client told") if news.told_at else _("Client need not hear")
            raise InvalidTransition(state, open_steps(news))
        if not reason.strip():
            raise ReasonMissing(_("Say why the client need not hear of it."))
        news.spared_because = reason
        _note(news, actor, now)
    return news


def thank_messenger(*, actor: User, news: BadNews, now: datetime) -> BadNews:
    """Thank whoever brought the news, and note it; he hears of the thanks."""
    with operation("accounts.thank_messenger", actor=actor, on=news, at=now):
        if news.thanked_at:
            raise InvalidTransition(_("Thanked"), open_steps(news))
        news.thanked_at = now
        _note(news, actor, now)
    return news


def _note(news: BadNews, actor: User, at: datetime) -> None:
    """Let whoever acts on the news have noted it, unless somebody had before."""
    if not news.is_acknowledged:
        _mark_noted(news, actor, at)
        clear_bad_news(news)


def _mark_noted(news: BadNews, actor: User, at: datetime) -> None:
    news.acknowledged_at, news.acknowledged_by = at, actor
