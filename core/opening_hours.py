"""Opening hours as people type and read them: "09:00–13:00, 14:00–18:00", or "closed"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from core.errors import Sentence

Interval = Sequence[int]
DAY_SECONDS = 86_400
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—−]\s*(\d{1,2})(?:[:.](\d{2}))?")


class UnreadableHours(ValueError):
    """The text says no hours; the sentence tells the person how to write them."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def read_hours(text: str) -> list[list[int]]:
    """Return the intervals in seconds of the local day, in order; none for a closed day.

    Hours that close at or before they open run over midnight. Raises UnreadableHours.
    """
    plain = text.strip().rstrip(".").casefold()
    if plain in {"", "-", "–", "closed", _("closed").casefold()}:
        return []
    hours = sorted(_read_span(part.strip()) for part in re.split(r"[,;\n]+", plain) if part.strip())
    for earlier, later in pairwise(hours):
        if later[0] < _end_of(earlier):
            raise UnreadableHours(
                _("%(one)s and %(other)s overlap. Make one of them shorter.")
                % {"one": span_text(earlier), "other": span_text(later)}
            )
    return hours


def _read_span(text: str) -> list[int]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UnreadableHours(
            _("“%(text)s” is not a time span. Write it like 09:00–18:00, or write “closed”.")
            % {"text": text}
        )
    opens, closes = _seconds(found[1], found[2]), _seconds(found[3], found[4])
    if opens == closes:
        raise UnreadableHours(
            _("%(text)s opens and closes at once. For the whole day write 00:00–24:00.")
            % {"text": span_text([opens, closes])}
        )
    if opens >= DAY_SECONDS:
        raise UnreadableHours(_("A day cannot open at 24:00. Write 00:00 on the next day."))
    return [opens, closes]


def _seconds(hour: str, minute: str | None) -> int:
    seconds = int(hour) * 3600 + int(minute or 0) * 60
    if int(minute or 0) > 59 or seconds > DAY_SECONDS:  # noqa: PLR2004 -- minutes of an hour
        raise UnreadableHours(
            _("%(time)s is not a time of day. Times go from 00:00 to 24:00.")
            % {"time": f"{hour}:{minute or '00'}"}
        )
    return seconds


def _end_of(interval: Interval) -> int:
    opens, closes = interval
    return closes if closes > opens else DAY_SECONDS


def time_text(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def span_text(interval: Interval) -> str:
    opens, closes = interval
    return f"{time_text(opens)}–{time_text(closes)}"


def hours_text(hours: Iterable[Interval]) -> str:
    """Return the hours as `read_hours` reads them, "closed" in the reader's language."""
    return ", ".join(span_text(interval) for interval in hours) or _("closed")
