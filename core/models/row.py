"""What every business row has: a time-ordered id, a version, moments of birth and change."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Now

from core.errors import StaleVersion
from core.ids import uuid7


class Row(models.Model):
    """A business row. Only `core.operations.operation` changes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

    audit_hides: ClassVar[frozenset[str]] = frozenset()
    """Fields with personal values: the audit says that they changed, never to what."""
    expected_version: int | None = None

    def expect(self, version: int | None) -> None:
        """Let the next operation on this object refuse if the row has another version by then."""
        self.expected_version = version

    def check_expected(self) -> None:
        """Raise StaleVersion if the row, just read again, is not the one that was expected."""
        if self.expected_version not in (None, self.version):
            raise StaleVersion(self.expected_version, self.version)
        self.expected_version = None

    @property
    def audit_account_id(self) -> UUID | None:
        """The account in whose timeline this row's history appears."""
        return getattr(self, "account_id", None)

    @property
    def audit_label(self) -> str:
        """The reference number, or another name without personal data, for audit and timeline."""
        return getattr(self, "no", "")
