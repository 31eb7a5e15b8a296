"""Anticipated failures. Their text is a sentence for the person who can act on it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class DomainError(Exception):
    """A business rule said no: shown in the form, answered as 409 over REST.

    code is stable and part of the REST contract.
    """

    code = "refused"

    def __init__(self, sentence: Sentence, **facts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


class InvalidTransition(DomainError):
    """The object is not in a state from which this operation may start; facts say which may."""

    code = "illegal_transition"

    def __init__(self, state: Sentence, allowed: Iterable[str]) -> None:
        """Say which operations are possible from the state.

        state   -- the label of the present state, in any language.
        allowed -- verbs without the app, such as "resolve".
        """
        verbs = sorted(allowed)
        super().__init__(
            format_lazy(
                _("Not possible while it is “{state}”. Load the page again to see what is."),
                state=state,
            ),
            allowed=verbs,
        )


class StaleVersion(DomainError):
    """Somebody else changed the row after it was read."""

    code = "stale_version"

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(
            _("Somebody else changed this in the meantime. Look at it again, then repeat."),
            expected=expected,
            actual=actual,
        )
