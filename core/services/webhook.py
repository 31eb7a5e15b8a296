"""Webhooks: which programs elsewhere are told, of what, and with which secret."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidTransition
from core.models import User, WebhookDelivery, WebhookEndpoint
from core.operations import Actor, operation
from core.sealing import seal
from core.webhooks.addresses import is_public
from core.webhooks.events import event_types
from core.webhooks.outbox import give_up, trial_delivery
from core.webhooks.signing import fresh_secret

ROTATION: Final = timedelta(hours=24)
"""How long the secret of before signs as well."""
State = WebhookEndpoint.State


class UnfitAddress(DomainError):
    code = "unfit_address"

    def __init__(self) -> None:
        super().__init__(
            _("Enter an address that begins with https:// and holds no user name or password.")
        )


class PrivateAddress(DomainError):
    code = "private_address"

    def __init__(self) -> None:
        super().__init__(_("Enter an address that can be reached from the internet."))


class UnknownEvent(DomainError):
    code = "unknown_event"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            _("There is no such event: %(names)s.") % {"names": ", ".join(sorted(names))}
        )


class NotAProgram(DomainError):
    code = "not_a_program"

    def __init__(self) -> None:
        super().__init__(_("Choose an active API client, or nobody for a webhook of the house."))


def add_webhook(
    *,
    actor: Actor,
    url: str,
    description: str,
    events: Iterable[str],
    owner: User | None,
    now: datetime,
) -> WebhookEndpoint:
    """Tell one more program; its secret is in `new_secret`, this once.

    events -- event types, none for all. owner -- the API client it belongs to, None for the house.
    """
    with operation("core.add_webhook", actor=actor, on=None, at=now) as op:
        endpoint = WebhookEndpoint()
        _apply(endpoint, url, description, events, owner)
        _renew_secret(endpoint)
        op.create(endpoint)
    return endpoint


def edit_webhook(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: Actor,
    endpoint: WebhookEndpoint,
    url: str,
    description: str,
    events: Iterable[str],
    owner: User | None,
    now: datetime,
) -> WebhookEndpoint:
    """Change where and of what it is told; what waits already goes to the new address."""
    with operation("core.edit_webhook", actor=actor, on=endpoint, at=now):
        _apply(endpoint, url, description, events, owner)
    return endpoint


def rotate_webhook(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Make a new secret, in `new_secret` this once; for 24 hours the old one signs as well."""
    with operation("core.rotate_webhook", actor=actor, on=endpoint, at=now):
        endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + ROTATION
        _renew_secret(endpoint)
    return endpoint


def disable_webhook(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Tell it nothing more, nor what still waits."""
    with operation("core.disable_webhook", actor=actor, on=endpoint, at=now):
        _require_live(endpoint)
        endpoint.state = State.DISABLED
        give_up(endpoint, now)
    return endpoint


def enable_webhook(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Tell it again of what happens from now on."""
    with operation("core.enable_webhook", actor=actor, on=endpoint, at=now):
        if not endpoint.is_disabled:
            raise InvalidTransition(endpoint.get_state_display(), ["disable_webhook"])
        endpoint.state = State.ACTIVE
    return endpoint


def try_webhook(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Send a test event with the next tick."""
    with operation("core.try_webhook", actor=actor, on=endpoint, at=now):
        _require_live(endpoint)
        trial_delivery(endpoint, now).save(force_insert=True)
    return endpoint


def retry_webhook(*, actor: Actor, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Send everything once more that could not be delivered."""
    with operation("core.retry_webhook", actor=actor, on=endpoint, at=now) as op:
        _require_live(endpoint)
        failed = endpoint.deliveries.filter(state=WebhookDelivery.State.FAILED)
        op.details["count"] = failed.update(**_anew(now))
    return endpoint


def resend_webhook(*, actor: Actor, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Send one delivery once more, with the same id; one that waits goes at once."""
    endpoint = delivery.endpoint
    with operation("core.resend_webhook", actor=actor, on=endpoint, at=now) as op:
        _require_live(endpoint)
        op.details["event"] = delivery.type
        endpoint.deliveries.filter(pk=delivery.pk).update(**_anew(now))
        delivery.refresh_from_db()
    return delivery


def _anew(now: datetime) -> dict[str, object]:
    waiting = WebhookDelivery.State.WAITING
    return {"state": waiting, "attempts": 0, "next_try_at": now, "ended_at": None}


def _require_live(endpoint: WebhookEndpoint) -> None:
    if endpoint.is_disabled:
        raise InvalidTransition(endpoint.get_state_display(), ["enable_webhook"])


def _renew_secret(endpoint: WebhookEndpoint) -> None:
    endpoint.new_secret = fresh_secret()
    endpoint.secret = seal(endpoint.new_secret)


def _apply(
    endpoint: WebhookEndpoint,
    url: str,
    description: str,
    events: Iterable[str],
    owner: User | None,
) -> None:
    wanted = sorted(set(events))
    if unknown := set(wanted) - set(event_types()):
        raise UnknownEvent(unknown)
    if owner is not None and not (owner.is_active and owner.has_role(User.Role.API_CLIENT)):
        raise NotAProgram
    endpoint.url, endpoint.description = _checked(url), description.strip()
    endpoint.events, endpoint.owner = wanted, owner


def _checked(url: str) -> str:
    """Return the address in one spelling. Whether it is public is looked at when it is called."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        is_open = settings.WEBHOOK_ALLOW_PRIVATE or _may_be_public(host)
    except ValueError:
        raise UnfitAddress from None
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise UnfitAddress
    if not is_open:
        raise PrivateAddress
    place = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    return SplitResult("https", place, parts.path or "/", parts.query, "").geturl()


def _may_be_public(host: str) -> bool:
    """Judge an address written as a number, in any form that a resolver takes; names may be."""
    try:
        return is_public(host if ":" in host else socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return host != "localhost"
