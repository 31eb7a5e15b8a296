"""Rows that a form has any number of, added and taken away without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import QueryDict

# A button called "remove" would hide the method of its form from the scripts.
ADD, REMOVE, RECALCULATE = "add", "take_away", "recalculate"
"""Names of the buttons that only draw the form again."""

NUMBER = re.compile(r"0|[1-9][0-9]{0,2}")

F = TypeVar("F", bound=forms.Form)


@dataclass(frozen=True, slots=True)
class NumberedRow(Generic[F]):
    """A row with the number that its fields carry in their names; numbers may have gaps."""

    number: int
    form: F


class RowSet(Generic[F]):
    """Rows of one kind. Each names its number in a field of the set's own name.

    The button ADD with the set's name adds a row; REMOVE with "name-number" takes one away.
    A row in which nothing was typed is no row.

    most -- rows that can be added up to; all sets of a page must fit into one request.
    """

    def __init__(
        self,
        name: str,
        form: Callable[..., F],
        data: QueryDict | None,
        initial: Iterable[dict[str, Any]],
        *,
        most: int,
    ) -> None:
        shown = list(initial)
        self.name, self._form, self.most = name, form, max(most, len(shown))
        if data is None:
            self.rows = [self._row(number, initial=each) for number, each in enumerate(shown)]
        else:
            self.rows = [self._row(number, data) for number in _numbers(data, name)[: self.most]]
            if data.get(ADD) == name and not self.is_full:
                self.rows.append(self._new_row())

    def _row(self, number: int, data: QueryDict | None = None, **given: Any) -> NumberedRow[F]:
        prefix = f"{self.name}-{number}"
        form = self._form(
            data, prefix=prefix, empty_permitted=True, use_required_attribute=False, **given
        )
        return NumberedRow(number, form)

    def _new_row(self) -> NumberedRow[F]:
        """Return a row under a free number; whoever asked for it begins to type there."""
        row = self._row(max((row.number for row in self.rows), default=-1) + 1)
        first = next(iter(row.form.fields.values()))
        first.widget.attrs["autofocus"] = True
        return row

    def __iter__(self) -> Iterator[F]:
        return (row.form for row in self.rows)

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self.most

    def is_valid(self) -> bool:
        # All of them, so that each has what was right in it.
        errors = [form.errors for form in self if form.is_bound]
        return not any(errors)

    @property
    def filled(self) -> list[F]:
        """Return the forms of the rows in which something was typed; they have been validated."""
        return [form for form in self if form.is_bound and form.has_changed()]


def _numbers(data: QueryDict, name: str) -> list[int]:
    gone = data.get(REMOVE, "")
    told = dict.fromkeys(data.getlist(name))
    return [int(each) for each in told if NUMBER.fullmatch(each) and f"{name}-{each}" != gone]


def only_draws(data: QueryDict) -> bool:
    """Say whether the person wants to see the form again before saving it."""
    return bool({ADD, REMOVE, RECALCULATE} & data.keys())
