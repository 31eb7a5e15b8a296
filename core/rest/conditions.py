"""Conditional requests: nobody overwrites what he has not seen, nobody is sent what he has."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.errors import StaleVersion
from core.models import Row
from core.rest.problems import PreconditionRequired


def etag_of(row: Row, data: Any) -> str:
    """Return `"<version>-<digest of the answer>"`.

    The version is what If-Match is about. The digest tells answers apart that changed under an
    unchanged row, such as a deadline beside it: the version alone would give a false 304.
    """
    digest = blake2b(JSONRenderer().render(data), digest_size=6).hexdigest()
    return f'"{row.version}-{digest}"'


def expect_version(request: Request, row: Row) -> None:
    """Let the operation refuse if the row is no longer the one that If-Match names.

    Only the version counts, so `"3"` from a list's `version` is as good as the ETag itself, and
    so is `W/"3-…"` as a compressing proxy makes it. `*` takes the row as it is.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    tags = parse_etags(header)
    if not tags:
        raise ParseError(_('If-Match must look like "3": the ETag of your last GET.'))
    if "*" in tags:
        return
    versions = {tag.removeprefix("W/").strip('"').partition("-")[0] for tag in tags}
    if str(row.version) not in versions:
        raise StaleVersion(_number(min(versions)), row.version)
    row.expect(row.version)


def is_known(request: Request, etag: str) -> bool:
    """Tell whether If-None-Match says that the caller has this answer already."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in tags or etag in {tag.removeprefix("W/") for tag in tags}


def _number(version: str) -> int:
    return int(version) if version.isdecimal() and len(version) < 10 else 0  # noqa: PLR2004 -- fits
