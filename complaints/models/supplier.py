"""The directory of suppliers: for the cause, and so that no letter puts the blame on them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Row, User


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: User) -> SupplierQuerySet:
        """Return the directory to those who work on complaints; programs and clients read none."""
        works = user.has_role("am", "sa", "hk", "te", "fi", "ex")
        return self.all() if works else self.none()

    def current(self) -> SupplierQuerySet:
        return self.filter(archived_at=None)


class Supplier(Row):
    """Somebody whose parts or work we pass on; aliases are other names that letters may use."""

    name = models.CharField(pgettext_lazy("of a company", "name"), max_length=120)
    aliases = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, size=20,
        verbose_name=_("other names"),
    )  # fmt: skip
    notes = models.TextField(_("notes"), blank=True)
    archived_at = models.DateTimeField(null=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("supplier"), _("suppliers")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="supplier_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def names(self) -> list[str]:
        return [self.name, *self.aliases]
