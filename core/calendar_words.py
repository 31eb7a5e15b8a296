"""How places and lists of holidays are called."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_countries import countries


def country_name(code: str) -> str:
    """Return "Bulgaria", or "United Kingdom, ENG" for a part with days of its own."""
    country, _dash, part = code.partition("-")
    name = str(countries.name(country)) or country
    return f"{name}, {part}" if part else name


def source_text(source: str) -> str:
    return _("public holidays of %(country)s") % {"country": country_name(source)}
