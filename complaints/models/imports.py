"""Old complaints from a file: looked through first, taken in when nothing surprises."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Row, User


class ComplaintImportQuerySet(models.QuerySet["ComplaintImport"]):
    def visible_to(self, user: User) -> ComplaintImportQuerySet:
        """Return the imports to heads of KAM; to others their own."""
        return self.all() if user.has_role("hk") else self.filter(by=user)


class ComplaintImport(Row):
    """One CSV file of old complaints and what a dry run said of it.

    lines    -- the file as it came; emptied once it is imported or dropped.
    problems -- [{"line": 3, "column": "account", "says": …}], in the order of the file.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("Looked through")
        IMPORTED = "imported", _("Imported")
        DROPPED = "dropped", _("Dropped")

    name = models.CharField(_("file"), max_length=160)
    content = models.TextField(editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CHECKED)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    good = models.PositiveIntegerField(_("lines that can be imported"))
    known = models.PositiveIntegerField(_("lines that are here already"), default=0)
    problems = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    objects = ComplaintImportQuerySet.as_manager()
    audit_hides = frozenset({"content", "problems"})

    class Meta:
        verbose_name, verbose_name_plural = _("import of complaints"), _("imports of complaints")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="checked") | Q(content=""), name="finished_import_keeps_no_file"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name[:120]
