"""A contract on paper, in the client's language: what one sends, and what both sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from core.paper import (
    Block,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Points,
    Signatory,
    Signatures,
    Table,
)
from core.wording import money_text
from sla.models import Contract
from sla.promises import Level
from sla.reading import Reading, reading_of
from sla.words import day_text, days_text, every_months


def paper_of(contract: Contract, now: datetime) -> Paper:
    """Return the paper of a contract read with all its parts."""
    account = contract.account
    with translation.override(account.language):
        return Paper(
            title=_("Service levels for %(client)s") % {"client": account.name},
            subtitle=_subtitle(contract),
            author=account.owner.name,
            language=account.language,
            at=now,
            blocks=list(_blocks(contract, reading_of(contract))),
        )


def _subtitle(contract: Contract) -> str:
    if contract.is_draft:
        words = _("Draft %(no)s, not yet proposed")
    elif contract.state in (Contract.State.PROPOSED, Contract.State.NEGOTIATING):
        words = _("Proposal %(no)s")
    else:
        words = _("Contract %(no)s")
    return words % {"no": contract.no}


def _blocks(contract: Contract, reading: Reading) -> Iterator[Block]:
    yield Facts(list(_facts(contract)))
    yield Heading(_("What we promise"))
    yield Paragraph(_counting(contract))
    yield Points([f"{_grade(level)}: {level.sentence}" for level in reading.levels])
    yield Heading(_("Who does what by when"), level=2)
    yield _table(reading.levels)
    yield from _scope(reading)
    yield from _exclusions(reading)
    yield from _credits(contract, reading)
    yield Heading(_("When time runs short"))
    yield Points(reading.steps)
    every = every_months(contract.review_every)
    yield Paragraph(_("We look at the figures together %(every)s.") % {"every": every})
    yield Heading(_("Agreed"))
    yield _signatures(contract)


def _facts(contract: Contract) -> Iterator[tuple[str, str]]:
    account = contract.account
    yield _("Client"), account.legal_name or account.name
    if contract.scope:
        yield _("What it is for"), contract.scope
    yield _("From"), day_text(contract.starts_on)
    yield _("Until"), _until(contract)
    yield _("Notice"), days_text(contract.notice_days)
    if contract.monthly_fee is not None:
        yield _("Monthly fee"), money_text(contract.monthly_fee, contract.currency)
    if contract.covers_children:
        yield _("Group"), _("covers the companies below too")
    yield _("Your contact"), f"{account.owner.name}, {account.owner.email}"


def _until(contract: Contract) -> str:
    if contract.ends_on is None:
        return _("until somebody ends it")
    day = day_text(contract.ends_on)
    return _("%(day)s, renews itself") % {"day": day} if contract.auto_renew else day


def _counting(contract: Contract) -> str:
    return _(
        "Working hours are those of the calendar “%(calendar)s”. The clock stands still only while "
        "we wait for your answer or for an appointment you asked for, never while we wait for "
        "a supplier."
    ) % {"calendar": contract.calendar.name}


def _grade(level: Level) -> str:
    return f"{level.meaning} ({_short(level)})"


def _short(level: Level) -> str:
    grade = str(level.priority.label)
    return f"{grade}, {level.category}" if level.category else grade


def _table(levels: list[Level]) -> Table:
    rows = [
        [
            "" if index else _grade(level),
            str(promise.deed),
            _by_when(promise.by_when, promise.share),
        ]
        for level in levels
        for index, promise in enumerate(level.promises)
    ]
    return Table([_("What happened"), _("What we do"), _("By when")], rows)


def _by_when(time: str, share: str) -> str:
    if not share:
        return time
    return _("%(time)s, in %(share)s of cases") % {"time": time, "share": share}


def _scope(reading: Reading) -> Iterator[Block]:
    if not reading.services:
        return
    yield Heading(_("Services in scope"))
    rows = [[each.included, each.excluded or "–"] for each in reading.services]
    yield Table([_("Included"), _("Not included")], rows)


def _exclusions(reading: Reading) -> Iterator[Block]:
    yield Heading(_("What does not count"))
    if reading.exclusions:
        yield Points(reading.exclusions)
    yield Paragraph(_("A delay of one of our suppliers is our delay: it always counts."))


def _credits(contract: Contract, reading: Reading) -> Iterator[Block]:
    if not contract.monthly_fee:
        return
    yield Heading(_("If we fail"))
    yield Paragraph(_("You need not ask: we count every month and give back by ourselves."))
    rows = [[str(metric), "\n".join(bands)] for metric, bands in reading.scheme.bands]
    if rows:
        yield Table([_("Kept in less than promised"), _("What comes back")], rows)
    yield Points([reading.scheme.misses, reading.scheme.caps])


def _signatures(contract: Contract) -> Signatures:
    account = contract.account
    ours = contract.signed_by_us.name if contract.signed_by_us else ""
    return Signatures(
        Signatory(_("For us"), ours),
        Signatory(account.legal_name or account.name, contract.signed_by_client),
    )
