"""The directory of suppliers. The reply check takes every current name for a third party."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Supplier
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import operation


class SupplierKnown(DomainError):
    code = "supplier_known"


def add_supplier(
    *, actor: User, name: str, aliases: Iterable[str] = (), notes: str = "", now: datetime
) -> Supplier:
    """Add a supplier. aliases -- other names that letters may use, such as "DHL" and "ДХЛ"."""
    with operation("complaints.add_supplier", actor=actor, on=None, at=now) as op:
        supplier = Supplier()
        _describe(supplier, name, aliases, notes)
        return op.create(supplier)


def edit_supplier(
    *,
    actor: User,
    supplier: Supplier,
    name: str,
    aliases: Iterable[str] = (),
    notes: str = "",
    now: datetime,
) -> Supplier:
    """Change the names or the notes."""
    with operation("complaints.edit_supplier", actor=actor, on=supplier, at=now):
        _describe(supplier, name, aliases, notes)
    return supplier


def archive_supplier(*, actor: User, supplier: Supplier, now: datetime) -> Supplier:
    """Put the supplier away: offered no more, and its names are words like any other."""
    with operation("complaints.archive_supplier", actor=actor, on=supplier, at=now):
        if supplier.archived_at is not None:
            raise InvalidTransition(_("put away"), ["restore_supplier"])
        supplier.archived_at = now
    return supplier


def restore_supplier(*, actor: User, supplier: Supplier, now: datetime) -> Supplier:
    """Take the supplier back into the directory."""
    with operation("complaints.restore_supplier", actor=actor, on=supplier, at=now):
        if supplier.archived_at is None:
            raise InvalidTransition(_("in the directory"), ["archive_supplier"])
        supplier.archived_at = None
    return supplier


def _describe(supplier: Supplier, name: str, aliases: Iterable[str], notes: str) -> None:
    supplier.name, supplier.notes = " ".join(name.split()), notes.strip()
    others = (" ".join(alias.split()) for alias in aliases)
    supplier.aliases = [other for other in dict.fromkeys(others) if other]
    namesakes = Supplier.objects.filter(name__iexact=supplier.name).exclude(pk=supplier.pk)
    if namesakes.exists():
        raise SupplierKnown(_("The directory has this name already, perhaps put away. Use that."))
