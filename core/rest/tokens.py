"""Who is calling: a program by its token, within its scopes, or a person by the session."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.errors import Sentence
from core.models import ApiToken, User

ANY_TOKEN: Final = "*"  # noqa: S105 -- a scope
"""A view's scope: every token may call it, whatever its own scopes."""
NO_TOKEN: Final = "-"  # noqa: S105 -- a scope
"""A view's scope: only people in a session may call it."""

_CREDENTIALS = re.compile(r"(?:token|bearer)(?: +(?P<key>\S*))?\s*", re.IGNORECASE)
_KEY = re.compile(r"[0-9a-f]{64}")


class ScopedTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Accepts `Authorization: Bearer <key>` and `Token <key>`; any other scheme is not ours."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        found = _CREDENTIALS.fullmatch(header)
        if found is None:
            return None
        key = found["key"] or ""
        if not _KEY.fullmatch(key):
            raise AuthenticationFailed(_("This is not a valid token."), code="invalid_token")
        user, token = self.authenticate_credentials(key.encode())
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _cleanup_token(self, auth_token: ApiToken) -> bool:
        # Knox deletes expired tokens here, and reads all tokens of the user to find some.
        # Signing in must not write; an expired token stays in its owner's list.
        now = timezone.now()  # noqa: TID251 -- authentication is an edge
        return auth_token.expiry is not None and auth_token.expiry <= now


class ScopePermission(BasePermission):
    """Lets a view be called by whoever has signed in; tokens need the scope the view declares.

    A view without a `scope` is refused to everyone: nothing is open by omission.
    """

    message: Sentence
    code: str

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False
        scope = getattr(view, "scope", None)
        if scope is None:
            return False
        return scope == ANY_TOKEN or self._covers(request.auth, scope, request.method)

    def _covers(self, token: Any, scope: str, method: str | None) -> bool:
        if not isinstance(token, ApiToken):
            return True
        access = "read" if method in SAFE_METHODS else "write"
        self.code = "scope_missing"
        self.message = _("This token lacks the scope “{scope}”.").format(scope=f"{scope}:{access}")
        if scope == NO_TOKEN:
            self.message = _("A token cannot do this. Sign in in the browser.")
        return f"{scope}:{access}" in token.scopes
