"""Deliveries from a CSV file: read, tried out, taken over all at once or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import DeliveryLineForm
from accounts.models import Account, Holding
from accounts.models.holding import item_key
from core.csv_files import Record, read_csv
from core.errors import DomainError
from core.models import User
from core.text import sort_key

COLUMNS: Final = (
    "account", "item", "batch", "quantity", "delivered_on", "holder_name", "holder_email",
    "holder_phone", "holder_language", "reseller", "passed_on", "note",
)  # fmt: skip
NEEDED: Final = {"item", "delivered_on"}
MOST_LINES: Final = 500
FALSE_WORDS: Final = {"", "0", "no", "false"}


class FileHasErrors(DomainError):
    code = "file_has_errors"


@dataclass(frozen=True, slots=True)
class BadLine:
    """number -- of the line in the file, the heading is 1."""

    number: int
    says: list[str]


@dataclass(slots=True)
class Trial:
    """What taking over the file would do."""

    count: int = 0
    bad: list[BadLine] = field(default_factory=list)


def try_deliveries(user: User, text: str, now: datetime) -> Trial:
    """Do it all and take it back. Raises FileUnreadable where there are no lines to speak of."""
    with transaction.atomic():
        trial = _add_all(user, read_csv(text, columns=COLUMNS, needed=NEEDED, most=MOST_LINES), now)
        transaction.set_rollback(True)
    return trial


def import_deliveries(*, actor: User, text: str, now: datetime) -> int:
    """Note every delivery of the file and return how many; one bad line, and none is noted."""
    with transaction.atomic():
        trial = _add_all(
            actor, read_csv(text, columns=COLUMNS, needed=NEEDED, most=MOST_LINES), now
        )
        if trial.bad:
            raise FileHasErrors(_("Nothing was taken over: the file has errors. Check it again."))
    return trial.count


def _add_all(user: User, records: list[tuple[int, Record]], now: datetime) -> Trial:
    trial, accounts, known = Trial(), _Named(user, records), _known_keys(records)
    for number, record in records:
        if says := list(_add(user, record, accounts, known, now)):
            trial.bad.append(BadLine(number, says))
        else:
            trial.count += 1
    return trial


def _add(
    user: User, record: Record, accounts: _Named, known: set[Any], now: datetime
) -> Iterator[str]:
    """Note one delivery; yield what is wrong with it instead."""
    passed_on = record.get("passed_on", "").strip().lower() not in FALSE_WORDS
    form = DeliveryLineForm({**record, "passed_on": passed_on})
    if not form.is_valid():
        yield from (f"{name}: {says}" for name, errors in form.errors.items() for says in errors)
        return
    told = form.cleaned_data
    for name in ("account", "reseller"):
        told[name], problem = accounts.find(told[name])
        if problem:
            yield problem
            return
    try:
        holding = services.add_holding(actor=user, fields=told, now=now)
    except DomainError as error:
        yield str(error.sentence)
    except PermissionDenied:
        yield _("You do not look after this account, so others note its deliveries.")
    else:
        if (key := _key(holding)) in known:
            yield _("This delivery is noted already.")
        known.add(key)


def _known_keys(records: Iterable[tuple[int, Record]]) -> set[Any]:
    """Return what is noted already of the items in the file."""
    items = {item_key(record.get("item", "")) for _number, record in records}
    return {_key(holding) for holding in Holding.objects.filter(item_key__in=items)}


def _key(holding: Holding) -> tuple[Any, ...]:
    return (
        holding.account_id, holding.reseller_id, sort_key(holding.holder_name), holding.item_key,
        holding.batch_key, holding.quantity, holding.delivered_on,
    )  # fmt: skip


class _Named:
    """The accounts that a file names by number or by name."""

    def __init__(self, user: User, records: Iterable[tuple[int, Record]]) -> None:
        names = {
            record.get(column, "").strip()
            for _number, record in records
            for column in ("account", "reseller")
        }
        visible = Account.objects.visible_to(user).filter(archived_at=None)
        self.numbered = {row.no: row for row in visible.filter(no__in=names)}
        self.named: dict[str, list[Account]] = {}
        for row in visible.filter(sort_name__in=map(sort_key, names)):
            self.named.setdefault(row.sort_name, []).append(row)

    def find(self, name: str) -> tuple[Account | None, str]:
        """Return the account, or what is wrong with the name."""
        if not name:
            return None, ""
        if name in self.numbered:
            return self.numbered[name], ""
        found = self.named.get(sort_key(name), [])
        if len(found) == 1:
            return found[0], ""
        words = {"name": name}
        if found:
            return None, _("Several accounts are called “%(name)s”. Write the number.") % words
        return None, _("No account is called “%(name)s”, or you may not see it.") % words
