"""Where a row's own page is; upper apps say it for their models in `ready()`."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from core.models import AuditEntry

_places: dict[type[models.Model], str] = {}


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
