"""Signatures after the Standard Webhooks specification."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

SECRET_BYTES: Final = 32


def fresh_secret() -> str:
    """Return a secret as receivers want it: `whsec_` and base64."""
    return "whsec_" + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(keys: Iterable[str], event_id: str, body: str, now: datetime) -> dict[str, str]:
    """Return the headers that prove the body; each key signs, so that a rotation misses nothing."""
    at = now.astimezone(UTC)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(event_id, at, body) for key in keys),
    }
