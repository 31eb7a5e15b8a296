"""The secret link in the letter of a notice; only a digest of it is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from complaints.models import Recipient

PURPOSE: Final = "complaints.notice"
TOKEN_LENGTH: Final = 43
"""Characters of 256 bits in URL-safe text."""
LASTS: Final = timedelta(days=365)


def token_of(recipient_id: UUID) -> str:
    """Return the recipient's secret; it follows from his id and the server's key."""
    digest = salted_hmac(
        PURPOSE, str(recipient_id), secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
    return urlsafe_base64_encode(digest)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def address_of(token: str) -> str:
    """Return the address of the recipient's own page."""
    return settings.BASE_URL + reverse("notice_page", args=[token])


def find_recipient(token: str, now: datetime) -> Recipient | None:
    """Return whose link it is, with the notice; None if it is nobody's, or a year old."""
    if len(token) != TOKEN_LENGTH:
        return None
    rows = Recipient.objects.select_related("notice__contact", "account", "reseller")
    recent = rows.filter(sent_at__gt=now - LASTS)
    return recent.filter(token_hash=digest_of(token)).first()
