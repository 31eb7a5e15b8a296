"""A form sent twice is one wish: the second answer is the first one's result."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.http import HttpRequest

from core.models import IdempotencyKey, User


def answer_once(request: HttpRequest, user: User, work: Callable[[], Any]) -> Any:
    """Run the work in one transaction, or return what it made when this form came before.

    The CSRF token is masked anew each time a form is drawn, so it tells one drawn form from
    the next; together with the path and what was typed it names the wish.
    """
    wish = wish_of(request)
    with transaction.atomic():
        if wish is None:
            return work()
        key, is_new = IdempotencyKey.objects.get_or_create(
            user=user, key=f"form {wish}", defaults={"fingerprint": wish}
        )
        if not is_new:
            return _remembered(key)
        result = work()
        if isinstance(result, models.Model):
            key.headers = {"model": result._meta.label, "id": str(result.pk)}
            key.save(update_fields=["headers"])
        return result


def _remembered(key: IdempotencyKey) -> Any:
    """Return the row of then as it is now; True when the work made none."""
    if not key.headers:
        return True
    return apps.get_model(key.headers["model"])._base_manager.get(pk=key.headers["id"])


def wish_of(request: HttpRequest) -> str | None:
    """Return a digest that is the same when a drawn form is sent again, None without a token."""
    if "csrfmiddlewaretoken" not in request.POST:
        return None
    files = [(file.name, file.size) for _field, group in request.FILES.lists() for file in group]
    sent = (request.path, sorted(request.POST.lists()), files)
    return sha256(repr(sent).encode()).hexdigest()
