"""The directory of suppliers: the list, and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints import services
from complaints.forms.supplier import EditSupplierForm, SupplierForm, present_values
from complaints.models import Supplier
from complaints.views.doors import for_colleagues
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of

shows_form = require_http_methods(["GET", "POST"])


@for_colleagues
@require_GET
def suppliers(request: Request) -> HttpResponse:
    is_archive = "archived" in request.GET
    rows = Supplier.objects.visible_to(request.user)
    rows = rows.exclude(archived_at=None) if is_archive else rows.current()
    context = {"page": page_of(request, rows, "name", "id"), "is_archive": is_archive}
    return render_page(request, "complaints/suppliers.html", context, fragment="rows")


@for_colleagues
@shows_form
def add_supplier(request: Request) -> HttpResponse:
    form = SupplierForm(request.POST or None)
    if submit(request, form, services.add_supplier, now=timezone.now()):
        return go_to(request, "complaints:suppliers", says=_("The supplier is in the directory."))
    return _form_page(request, {"form": form, "title": _("Add a supplier")})


@for_colleagues
@shows_form
def edit_supplier(request: Request, pk: UUID) -> HttpResponse:
    supplier = _seen(request, pk)
    form = EditSupplierForm(request.POST or None, initial=present_values(supplier))
    if submit(request, form, services.edit_supplier, supplier=supplier, now=timezone.now()):
        return go_to(request, "complaints:suppliers", says=_("Saved."))
    return _form_page(request, {"form": form, "title": supplier.name, "supplier": supplier})


@for_colleagues
@require_POST
def archive_supplier(request: Request, pk: UUID) -> HttpResponse:
    act(request, services.archive_supplier, supplier=_seen(request, pk), now=timezone.now())
    return go_to(request, "complaints:suppliers", says=_("Put away."))


@for_colleagues
@require_POST
def restore_supplier(request: Request, pk: UUID) -> HttpResponse:
    act(request, services.restore_supplier, supplier=_seen(request, pk), now=timezone.now())
    return go_to(request, "complaints:suppliers", says=_("Back in the directory."))


def _seen(request: Request, pk: UUID) -> Supplier:
    return get_object_or_404(Supplier.objects.visible_to(request.user), pk=pk)


def _form_page(request: Request, context: dict[str, Any]) -> HttpResponse:
    return render_page(request, "complaints/supplier.html", context, fragment="form")
