"""Forms and REST know single values where a service takes them together as `fields`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Manager

Service = Callable[..., Any]


def one_by_one(service: Service, editable: set[str]) -> Service:
    """Return the service in a form that takes each of the editable fields as a keyword."""

    @wraps(service)
    def call(**given: Any) -> Any:
        plain = {name: _rows(value) for name, value in given.items()}
        fields = {name: plain.pop(name) for name in editable & plain.keys()}
        return service(fields=fields, **plain)

    return call


def _rows(value: Any) -> Any:
    """Return what a PATCH left out of a set of rows as the rows themselves."""
    return list(value.all()) if isinstance(value, Manager) else value
