"""JSON that can be trusted to be what it looks like."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST: Final = 20
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class StrictJSONParser(JSONParser):
    """Refuses what parsers read differently: twin names, NaN, NUL, lone surrogates, great depth.

    The size is limited by settings.DATA_UPLOAD_MAX_MEMORY_SIZE before anything is read.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        text = _decode(stream.read(), (parser_context or {}).get("encoding") or "utf-8")
        try:
            value = json.loads(
                text,
                parse_constant=_refuse_constant,
                parse_float=_finite,
                object_pairs_hook=_without_twins,
            )
        except ValueError as error:
            raise ParseError(_("This is not JSON: %(error)s.") % {"error": error}) from None
        except RecursionError:
            _refuse_depth()
        _check(value, DEEPEST)
        return value


def _decode(body: bytes, encoding: str) -> str:
    try:
        if codecs.lookup(encoding).name == "utf-8":
            return body.decode()
    except (LookupError, UnicodeDecodeError):
        pass
    raise ParseError(_("The body must be UTF-8."))


def _finite(written: str) -> float:
    number = float(written)
    if math.isinf(number):
        _refuse_constant(written)
    return number


def _refuse_constant(written: str) -> NoReturn:
    raise ValueError(_("%(number)s is not a number we can keep") % {"number": written[:20]})


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(_("a name stands twice in one object"))
    return made


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (dict, list)):
        if not depth:
            _refuse_depth()
        for inner in (*value, *value.values()) if isinstance(value, dict) else value:
            _check(inner, depth - 1)


def _check_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise ParseError(_("A text contains a sign that cannot be stored."))


def _refuse_depth() -> NoReturn:
    raise ParseError(_("The body is nested deeper than %(depth)d levels.") % {"depth": DEEPEST})
