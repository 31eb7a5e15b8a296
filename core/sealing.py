"""Secrets that we must be able to use again lie encrypted in the database."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

PURPOSE = "core.sealing"


class SealBroken(Exception):
    """The secret was sealed with a SECRET_KEY that is no longer known."""


def seal(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the secret. Raises SealBroken if it was sealed with a key that is not ours."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken from None


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    digest = salted_hmac(PURPOSE, "", secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)
