"""Filters of lists: only what a form has validated reaches the database."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from core.rest.pages import PARAMETERS

M = TypeVar("M", bound=Model)


class FormFilterBackend(DjangoFilterBackend):
    """Filters by the view's `filterset_class`; a parameter that nobody reads is refused.

    A misspelt filter that is ignored would answer with rows the caller did not ask for.
    """

    def filter_queryset(self, request: Any, queryset: QuerySet[M], view: Any) -> QuerySet[M]:
        filterset = self.get_filterset_class(view, queryset)
        known = PARAMETERS.union(filterset.base_filters if filterset else ())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            sentence = _("There is no such parameter. Known are: %(names)s.")
            problem = sentence % {"names": ", ".join(sorted(known))}
            raise ValidationError({name: [problem] for name in unknown}, code="unknown_parameter")
        filtered: QuerySet[M] = super().filter_queryset(request, queryset, view)
        return filtered
