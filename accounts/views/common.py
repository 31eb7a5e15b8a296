"""What the pages of accounts share."""

from __future__ import annotations

from typing import Final, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from core.errors import Sentence
from core.models import User
from core.pages import Request, render_page

M = TypeVar("M", bound=Model)
shows_form: Final = require_http_methods(["GET", "POST"])


def found(user: User, rows: QuerySet[M], pk: UUID, verb: str = "") -> M:
    """Return the row: 404 if the person does not see it, 403 if he may not do this to it."""
    row = get_object_or_404(rows, pk=pk)
    if verb and not user.has_perm(verb, row):
        raise PermissionDenied(verb)
    return row


def way_back(request: Request, url_name: str, pk: UUID) -> str:
    """Return the page of ours that a button stood on, or else the one named."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else resolve_url(url_name, pk)


def form_page(
    request: Request,
    form: forms.Form,
    back: tuple[str, UUID],
    *,
    title: Sentence,
    submit: Sentence,
    subtitle: Sentence = "",
) -> HttpResponse:
    """Show a form on a page of its own. back -- URL name and id of the page one came from."""
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "subtitle": subtitle,
        "cancel_url": resolve_url(*back),
    }
    return render_page(request, "core/form.html", context, fragment="form")
