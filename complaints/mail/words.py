"""What a letter says: text out of HTML, and the new words without what they answer."""

from __future__ import annotations

import html
import re
from itertools import accumulate
from typing import Final

import nh3

from complaints.mail.charsets import printable

LONGEST_HTML: Final = 2_000_000
LONGEST_TEXT: Final = 100_000
DEEPEST: Final = 500
"""Cleaning takes the square of the depth, and only an attack is deeper."""
CLOSE_THEMSELVES: Final = "br|img|hr|meta|link|input|col|area|base|wbr|p|li|td|th|tr|dd|dt|option"
NESTING: Final = re.compile(rf"<(/?)(?!(?:{CLOSE_THEMSELVES})\b)[a-z]", re.IGNORECASE)
BLOCKS: Final = {"p", "div", "br", "li", "tr", "td", "h1", "h2", "h3", "h4", "blockquote", "pre"}
UNSEEN: Final = {"script", "style", "head", "title", "template", "noscript", "svg", "math"}
LINK: Final = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
TAG: Final = re.compile(r"<(/?)(\w+)[^>]*>")
QUOTE_OPENS, QUOTE_CLOSES = "\x02", "\x03"
LEVELS: Final = re.compile(f"[{QUOTE_OPENS}{QUOTE_CLOSES}]")
DELIMITER: Final = "-- "

MONTHS_OR_YEAR: Final = r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d\d"
SAYS: Final = r"(?:wrote|writes|пишет|написал|написала|написал\(а\)|пише|писав|писала|написа)"
ATTRIBUTION: Final = re.compile(
    rf"^(?=.*(?:{MONTHS_OR_YEAR}|@)).{{0,300}}\b{SAYS}\b\)?[^\n]{{0,80}}:\s*$", re.IGNORECASE
)
"""The line above a quotation, such as “On 2 March 2026 at 10:00 Rada wrote:”."""
DATED: Final = re.compile(r"^(?=.{0,100}\d).{0,250}<[^<>\s@]{1,64}@[^<>\s]+>\s*:\s*$")
"""The same without a verb, as some programs write it: “2 мар. 2026 г. в 10:00, Rada <rada@…>:”."""
FORWARDED: Final = re.compile(
    r"^\s*-{2,}\s*(?:original message|исходное сообщение|пересылаемое сообщение|"
    r"оригінальне повідомлення|первоначално съобщение|оригинално съобщение)\s*-{2,}\s*$",
    re.IGNORECASE,
)
FROM: Final = re.compile(r"^\s*\*?(?:from|от|від)\s*:\*?\s+\S", re.IGNORECASE)
SENT: Final = re.compile(
    r"^\s*\*?(?:sent|date|отправлено|дата|надіслано|изпратено)\s*:", re.IGNORECASE
)


def text_of_html(markup: str) -> str:
    """Return what a reader sees of the page; nothing in the result is markup any more.

    Quotations get ">" before each line, and links show where they lead.
    """
    markup = printable(markup[:LONGEST_HTML])
    if _depth(markup) > DEEPEST:
        markup = re.sub(r"<[^<>]*>", " ", markup)
    clean = nh3.clean(
        markup, tags=BLOCKS | {"a"}, clean_content_tags=UNSEEN,
        attributes={"a": {"href"}}, link_rel=None, url_schemes={"http", "https", "mailto", "tel"},
    )  # fmt: skip
    clean = re.sub(r"\s+", " ", clean)
    told = TAG.sub(_line_break, LINK.sub(_told_link, clean))
    return _quoted_lines(html.unescape(told).replace("\xa0", " "))


def _depth(markup: str) -> int:
    depths = accumulate(-1 if found[1] else 1 for found in NESTING.finditer(markup))
    return max(depths, default=0)


def _told_link(found: re.Match[str]) -> str:
    address, words = found[1], found[2]
    shown = TAG.sub("", words).strip()
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    return words if not bare or bare.rstrip("/") in shown or not shown else f"{words} ({bare})"


def _line_break(found: re.Match[str]) -> str:
    closes, name = bool(found[1]), found[2]
    if name == "blockquote":
        return QUOTE_CLOSES if closes else QUOTE_OPENS
    if name == "td":
        return " " if closes else ""
    if name == "p":
        return "\n\n" if closes else "\n"
    return "\n" if name in BLOCKS else ""


def _quoted_lines(text: str) -> str:
    lines, depth = [], 0
    for part in re.split(f"([{QUOTE_OPENS}{QUOTE_CLOSES}])", text):
        if LEVELS.fullmatch(part):
            depth = max(depth + (1 if part == QUOTE_OPENS else -1), 0)
            continue
        said = re.sub(r"\n{3,}", "\n\n", part.strip())
        lines += ["> " * min(depth, 5) + line.strip() for line in said.splitlines()]
    return "\n".join(lines)


def tidy(text: str) -> str:
    """Return text fit to be kept: no control characters, no empty stretches, not endless."""
    lines = [line.rstrip() for line in printable(text).split("\n")]
    told = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return told if len(told) <= LONGEST_TEXT else told[:LONGEST_TEXT] + " […]"


def new_words(text: str) -> str:
    """Return the letter without what it quotes and without its signature.

    When in doubt words stay: a letter that would become empty is returned whole.
    """
    lines = _until_history(text.split("\n"))
    above = {index for number in range(len(lines)) for index in _above_quote(lines, number)}
    kept = [
        line
        for number, line in enumerate(lines)
        if not line.startswith(">") and number not in above
    ]
    for number, line in enumerate(kept):
        if line in {DELIMITER, DELIMITER.strip()} and any(each.strip() for each in kept[:number]):
            kept = kept[:number]
            break
    return tidy("\n".join(kept)) or tidy(text)


def _until_history(lines: list[str]) -> list[str]:
    """Cut at the mark below which programs copy the whole conversation."""
    for number, line in enumerate(lines):
        header = FROM.match(line) and any(
            SENT.match(each) for each in lines[number + 1 : number + 4]
        )
        if FORWARDED.match(line) or header:
            return lines[:number]
        if ATTRIBUTION.match(line) and not _quoted_below(lines, number):
            return lines[:number]
    return lines


def _above_quote(lines: list[str], number: int) -> list[int]:
    """Return the line, or it and the next one, if that is the attribution of a quotation below."""
    if not _quoted_below(lines, number):
        return []
    for count in (1, 2):
        text = " ".join(lines[number : number + count])
        if ATTRIBUTION.match(text) or DATED.match(text):
            return list(range(number, number + count))
    return []


def _quoted_below(lines: list[str], number: int) -> bool:
    return any(line.startswith(">") for line in lines[number + 1 : number + 4])
