"""What the law wants said to consumers whose product is dangerous (EU GPSR, article 36)."""

from __future__ import annotations

import re
from typing import Final

from complaints.replycheck.normal import normalise

_GAP = r"(?:[\w'-]+ ){0,3}"
STOP_USING: Final = {
    language: re.compile(pattern)
    for language, pattern in {
        "en": (
            rf"\bstop {_GAP}(?:us(?:e|ing)|operat\w+)\b|\b(?:do not|don't|no longer|never) {_GAP}use\b"
            r"|\b(?:unplug|disconnect|switch off|turn off|take out of (?:use|service))\b"
        ),
        "ru": (
            rf"\b(?:прекратит|перестан|приостанов)\w+ {_GAP}(?:использ|польз|эксплуат)\w*"
            rf"|\bне {_GAP}(?:использу|пользу|эксплуатиру|включай|подключай)\w*"
            r"|\b(?:отключ|выключ|отсоедин)ите\b"
        ),
        "uk": (
            rf"\b(?:припин|перестан|призупин)\w+ {_GAP}(?:використ|корист|експлуат)\w*"
            rf"|\bне {_GAP}(?:використову|користу|експлуату|вмикай|підключай)\w*"
            r"|\b(?:відключіть|вимкніть|від'єднайте)\b"
        ),
        "bg": (
            rf"\b(?:спрете|преустанов\w+|прекрат\w+) {_GAP}(?:използв|ползв|употреб|работ)\w*"
            rf"|\bне {_GAP}(?:използвайте|ползвайте|употребявайте|включвайте)\b"
            r"|\b(?:изключете|откачете)\b"
        ),
    }.items()
}
"""By language: an instruction to use it no longer."""


def tells_to_stop(text: str, language: str) -> bool:
    """Say whether the text tells its reader to use the product no longer.

    Raises KeyError for a language not spoken.
    """
    return bool(STOP_USING[language].search(normalise(text).text))
