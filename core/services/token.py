"""Keys to REST: made and revoked by their owner, for programs by an administrator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from core.errors import DomainError
from core.models import ApiToken, User
from core.operations import Actor, operation


class ExpiryPassed(DomainError):
    code = "expiry_passed"

    def __init__(self) -> None:
        super().__init__(_("A token must expire in the future."))


class AlreadyRevoked(DomainError):
    code = "already_revoked"

    def __init__(self) -> None:
        super().__init__(_("This token is revoked already."))


def create_token(
    *,
    actor: Actor,
    user: User,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Return the token and its key. Only a digest of the key is kept: nobody can show it again.

    user   -- whose rights the token has.
    scopes -- values of ApiToken.Scope, at least one.
    """
    with operation("core.create_token", actor=actor, on=user, at=now) as outcome:
        if expires_at is not None and expires_at <= now:
            raise ExpiryPassed
        digest, key = get_digest_token()
        token = ApiToken(
            user=user,
            digest=digest,
            token_key=key[: CONSTANTS.TOKEN_KEY_LENGTH],
            name=name,
            scopes=sorted(set(scopes)),
            expiry=expires_at,
        )
        token.save(force_insert=True)
        outcome.details |= {"name": name, "scopes": token.scopes, "token": str(token.public_id)}
    return token, key


def revoke_token(*, actor: Actor, token: ApiToken, now: datetime) -> None:
    with operation("core.revoke_token", actor=actor, on=token.user, at=now) as outcome:
        outcome.details |= {"name": token.name, "token": str(token.public_id)}
        revoked, _by_model = ApiToken.objects.filter(pk=token.pk).delete()
        if not revoked:
            raise AlreadyRevoked
