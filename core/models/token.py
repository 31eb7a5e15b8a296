"""REST tokens with scopes; only a digest is stored."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from core.ids import uuid7


class Scope(models.TextChoices):
    ACCOUNTS_READ = "accounts:read", _("Read accounts")
    ACCOUNTS_WRITE = "accounts:write", _("Change accounts")
    COMPLAINTS_READ = "complaints:read", _("Read complaints")
    COMPLAINTS_WRITE = "complaints:write", _("Change complaints")
    SLA_READ = "sla:read", _("Read service levels")
    SLA_WRITE = "sla:write", _("Change service levels")
    WEBHOOKS_READ = "webhooks:read", _("Read webhooks")
    WEBHOOKS_WRITE = "webhooks:write", _("Change webhooks")


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # knox is untyped
    """A program's key to REST: can do what its user may, within its scopes, until it expires."""

    Scope = Scope

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=24, choices=Scope), verbose_name=_("scopes"))

    objects = AuthTokenManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values, scopes__len__gt=0),
                name="token_scopes_are_known",
            )
        ]

    def __str__(self) -> str:
        return self.name
