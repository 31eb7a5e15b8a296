"""Old complaints from a CSV file: every line is tried, and what is wrong with it is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact
from complaints.models import Complaint
from complaints.old_lines import COLUMNS, NEEDED, OldComplaintForm
from core.csv_files import Record, read_csv
from core.models import User
from core.text import sort_key

MOST_LINES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the file. told -- the fields of the complaint; None if something is wrong.

    wrong -- (column, sentence) pairs; is_known -- imported already, so there is nothing to do.
    """

    number: int
    record: Record
    told: dict[str, Any] | None = None
    wrong: tuple[tuple[str, str], ...] = ()
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All lines of a file as they were found, in its order."""

    lines: list[Line]

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if line.told is not None]

    @property
    def known(self) -> list[Line]:
        return [line for line in self.lines if line.is_known]

    @property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if line.wrong]

    def problems(self) -> list[dict[str, Any]]:
        """Return what is wrong as rows: line, column, sentence."""
        return [
            {"line": line.number, "column": column, "says": says}
            for line in self.bad
            for column, says in line.wrong
        ]


def read_old_complaints(user: User, text: str, now: datetime) -> Reading:
    """Try every line in a fixed number of queries; nothing is written.

    Raises FileUnreadable if there are no lines to speak of.
    """
    records = read_csv(text, columns=COLUMNS, needed=NEEDED, most=MOST_LINES)
    known = _known([record for _number, record in records])
    named = _accounts(user, [record for _number, record in records])
    people = _people(named.values())
    lines, seen = [], set[str]()
    for number, record in records:
        ref = record.get("number", "").strip()
        line = _line(number, record, named, people, now, is_known=ref in known)
        if ref in seen and not line.wrong:
            says = _("This number stands twice in the file.")
            line = Line(number=number, record=record, wrong=(("number", says),))
        seen.add(ref)
        lines.append(line)
    return Reading(lines)


def _line(
    number: int,
    record: Record,
    named: dict[str, Account],
    people: dict[tuple[Any, str], Contact],
    now: datetime,
    *,
    is_known: bool,
) -> Line:
    if is_known:
        return Line(number=number, record=record, is_known=True)
    form = OldComplaintForm(dict(record))
    wrong: list[tuple[str, str]] = (
        []
        if form.is_valid()
        else [(name, str(says)) for name, all_ in form.errors.items() for says in all_]
    )
    account = named.get(sort_key(record.get("account", "")))
    if account is None and record.get("account", "").strip():
        wrong.append(("account", _("No account has this number or name.")))
    if wrong or account is None:
        return Line(number=number, record=record, wrong=tuple(wrong))
    told = _told(form.cleaned_data, account, people)
    if says := _out_of_order(told, now):
        return Line(number=number, record=record, wrong=(says,))
    return Line(number=number, record=record, told=told)


def _told(
    cleaned: dict[str, Any], account: Account, people: dict[tuple[Any, str], Contact]
) -> dict[str, Any]:
    zone = ZoneInfo(account.time_zone)
    email = cleaned.pop("contact_email").lower()
    moments = {
        name: _in_zone(cleaned.pop(name), zone) for name in ("received", "resolved", "closed")
    }
    return cleaned | {
        "account": account,
        "contact": people.get((account.pk, email)) if email else None,
        "received_at": moments["received"],
        "resolved_at": moments["resolved"],
        "closed_at": moments["closed"] or moments["resolved"],
    }


def _in_zone(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.replace(tzinfo=zone) if at and at.tzinfo is None else at


def _out_of_order(told: dict[str, Any], now: datetime) -> tuple[str, str] | None:
    received, resolved, closed = told["received_at"], told["resolved_at"], told["closed_at"]
    if closed > now:
        return "closed", _("Only what is over can be imported; log the others.")
    if resolved < received:
        return "resolved", _("It was resolved before it was received.")
    if closed < resolved:
        return "closed", _("It was closed before it was resolved.")
    return None


def _known(records: Iterable[Record]) -> set[str]:
    refs = {record.get("number", "").strip() for record in records} - {""}
    found = Complaint.objects.filter(external_ref__in=refs)
    return set(found.values_list("external_ref", flat=True))


def _accounts(user: User, records: Iterable[Record]) -> dict[str, Account]:
    """Return the accounts that the lines name, by number or name, in either case."""
    wanted = {sort_key(record.get("account", "")) for record in records} - {""}
    numbers = {key.upper() for key in wanted}
    rows = Account.objects.visible_to(user).filter(Q(sort_name__in=wanted) | Q(no__in=numbers))
    named = {account.sort_name: account for account in rows.select_related("owner")}
    return named | {sort_key(account.no): account for account in named.values()}


def _people(accounts: Iterable[Account]) -> dict[tuple[Any, str], Contact]:
    rows = Contact.objects.filter(account__in={account.pk for account in accounts})
    return {(row.account_id, email.lower()): row for row in rows for email in row.emails}
