"""Idempotency-Key: a POST sent again gets the answer of the first one, and works once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import DomainError
from core.housekeeping import IDEMPOTENCY_KEPT
from core.models import IdempotencyKey

HEADER: Final = "Idempotency-Key"
KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
NEVER_KEPT: Final = frozenset({409, 412, 428, 429})
"""Answers that may be different the next time; so are all from 500 on."""
KEY: Final = re.compile(r"[!-~]{1,200}")
ANTICIPATED: Final = (APIException, DomainError, PermissionDenied, Http404)


class KeyReused(APIException):
    status_code = 422
    default_detail = _("This Idempotency-Key belongs to another request. Make a new one.")
    default_code = "idempotency_key_reused"


class InProgress(APIException):
    status_code = 409
    default_detail = _("The first request with this Idempotency-Key is still running. Try again.")
    default_code = "in_progress"
    wait = 1


def answer_once(view: Any, request: Request, work: Callable[[], Any], now: datetime) -> Any:
    """Return the answer of the work, or the answer that it gave when the key came before.

    Key, work and answer are one transaction: a crash frees the key, and a twin that comes
    meanwhile waits for it, up to the database's lock_timeout.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not KEY.fullmatch(key):
        raise ParseError(_("An Idempotency-Key is 1 to 200 visible ASCII characters."))
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        claimed, is_new = _claim(request.user.pk, key, fingerprint, now)
        if not is_new:
            return _replay(claimed, fingerprint)
        response = _attempt(view, request, work)
        if response.status_code in NEVER_KEPT or response.status_code >= 500:  # noqa: PLR2004 -- HTTP
            transaction.set_rollback(True)
        else:
            _keep(claimed, response, view.shown_once)
    return response


def _claim(user_id: Any, key: str, fingerprint: str, now: datetime) -> tuple[IdempotencyKey, bool]:
    expired = now - IDEMPOTENCY_KEPT
    keys = IdempotencyKey.objects
    keys.filter(user_id=user_id, key=key, created_at__lt=expired).delete()
    try:
        return keys.get_or_create(
            user_id=user_id, key=key, defaults={"fingerprint": fingerprint, "created_at": now}
        )
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise InProgress from None
        raise


def _attempt(view: Any, request: Request, work: Callable[[], Any]) -> Any:
    """Return the finished answer; a refusal undoes the work but not the claim of the key."""
    try:
        with transaction.atomic():
            response = work()
    except ANTICIPATED as refusal:
        response = view.handle_exception(refusal)
    return view.finalize_response(request, response).render()


def _keep(claimed: IdempotencyKey, response: Response, shown_once: tuple[str, ...]) -> None:
    content = response.content
    if shown_once and isinstance(response.data, dict):
        hidden = {name: None for name in shown_once if name in response.data}
        content = response.accepted_renderer.render(response.data | hidden)
    claimed.status, claimed.body = response.status_code, content
    claimed.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    claimed.save(update_fields=["status", "body", "headers"])


def _replay(kept: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise KeyReused
    headers = kept.headers | {"Idempotency-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)


def _fingerprint(request: Request) -> str:
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type.lower().startswith("multipart/"):
        # Its boundary differs each time, and its files may be too large to hold as one body.
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(repr((name, file.name)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()
