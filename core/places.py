"""Where a row's own page is; upper apps say it for their models in `ready()`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from core.models import AuditEntry

_places: dict[type[models.Model], str] = {}
_resources: dict[type[models.Model], str] = {}


def place(model: type[models.Model], url_name: str) -> None:
    """Say which URL, taking the row's id, shows a row of the model."""
    _places[model] = url_name


def place_of(entry: AuditEntry) -> str:
    """Return the path of the page that shows what the entry is about, or the first page."""
    content_type = ContentType.objects.get_for_id(entry.target_type_id)
    model = content_type.model_class()
    if model in _places:
        return reverse(_places[model], args=[entry.target_id])
    return reverse("home")


def resource(model: type[models.Model], basename: str) -> None:
    """Say which REST resource, by the basename of its routes, shows a row of the model."""
    _resources[model] = basename


def resource_of(row: models.Model) -> str | None:
    """Return the address from which programs fetch the row; None if REST does not show it."""
    basename = _resources.get(type(row))
    return settings.BASE_URL + reverse(f"{basename}-detail", args=[row.pk]) if basename else None
