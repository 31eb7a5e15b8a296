"""Bytes of letters as text, whatever the sender's program said of them. Never raises."""

from __future__ import annotations

import codecs
import re
from typing import Final

FAMILIES: Final = re.compile(
    r"(utf|ascii|latin|iso8859|cp\d|koi8|mac-|gb|big5|euc|shift|iso2022|hz$|johab|tis|ptcp|kz1048)"
)
"""Codecs of character sets; Python has others, such as punycode, that no letter may ask for."""
SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "iso8859-1": "cp1252"}
ANY_BYTES: Final = {"ascii", "cp1252", "iso8859-1", "iso8859-15"}
"""What programs write when they do not know; text in Cyrillic letters is often behind it."""
CYRILLIC: Final = ("cp1251", "koi8-u", "iso8859-5", "cp866")
MANY_HIGH: Final = re.compile(rb"[\x80-\xff]{4}")
"""Languages of western Europe do not have four accented letters in a row."""
FREQUENT: Final = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
"""Control characters, halves of characters, and marks that show a name the wrong way round."""
LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")


def text_of(raw: bytes, declared: str = "") -> str:
    """Return the text, by the declared character set unless the bytes themselves say otherwise."""
    codec = _codec(declared)
    if codec == "utf-16" and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # The half that changes less is the alphabet's number, and stands first in big-endian.
        codec += "-be" if len(set(raw[:200:2])) < len(set(raw[1:200:2])) else "-le"
    for likely in _likely(raw, codec):
        try:
            return raw.decode(likely)
        except (UnicodeError, LookupError):
            continue
    return raw.decode(codec or "cp1252", errors="replace")


def printable(text: str) -> str:
    """Return the text without NUL, control characters and halves of characters; lines stay."""
    return INVISIBLE.sub("", LINE_ENDS.sub("\n", text).lstrip("\ufeff"))


def one_line(text: str, longest: int = 1000) -> str:
    """Return the text as one line, fit for a header or a title."""
    return " ".join(printable(text).split())[:longest].strip()


def _codec(declared: str) -> str:
    """Return Python's name of the character set, "" if there is none such."""
    name = declared.strip(" '\"").lower()
    name = re.sub(r"^(?:x-)?(?:win|cp|windows)[-_ ]?(\d{3,4})$", r"cp\1", name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, TypeError):
        return ""
    found = SUPERSETS.get(found, found)
    return found if FAMILIES.match(found) else ""


def _likely(raw: bytes, codec: str) -> list[str]:
    """Return the codecs to try, the most probable first."""
    if codec and codec not in ANY_BYTES and not _is_single_byte(codec):
        return [codec, "utf-8", *_guessed(raw)]
    if codec in ANY_BYTES or not codec:
        return ["utf-8", *_guessed(raw)]
    return ["utf-8", codec] if MANY_HIGH.search(raw) else [codec]


def _is_single_byte(codec: str) -> bool:
    return codec.startswith(
        ("iso8859", "cp12", "cp8", "koi8", "mac-", "kz", "ptcp", "tis", "latin")
    )


def _guessed(raw: bytes) -> list[str]:
    if not MANY_HIGH.search(raw):
        return ["cp1252"]
    sample = raw[:20_000]
    return sorted(CYRILLIC, key=lambda codec: _strangeness(sample.decode(codec, errors="replace")))


def _strangeness(text: str) -> float:
    """Return how far the letters are from how often languages in Cyrillic use them."""
    high = [sign for sign in text if sign > "\x7f"]
    ranks = [FREQUENT.find(sign.lower()) for sign in high]
    strange = sum(rank if rank >= 0 else 2 * len(FREQUENT) for rank in ranks)
    bent = len(re.findall(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]", text)) * len(FREQUENT)
    return (strange + bent) / max(len(high), 1)
