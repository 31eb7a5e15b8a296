"""Links by which a person sets a password, as the sign-in pages understand them."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from core.models import User


def password_link(user: User) -> str:
    """Return an address that works once, until the password or the sign-in time changes."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    names = {"uidb36": user_pk_to_url_str(user), "key": key}
    return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=names)
