"""Old complaints from a file: tried out, looked at, taken in."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.views.common import found, shows_form
from complaints import services
from complaints.forms.old_complaint import DecideImportForm, OldFileForm
from complaints.models import ComplaintImport
from complaints.old_lines import COLUMNS, NEEDED
from core.csv_files import write_csv
from core.pages import Request, go_to, render_page, submit

MOST_SHOWN = 50
may_import = permission_required("complaints.check_import", raise_exception=True)


@may_import
@shows_form
def check_import(request: Request) -> HttpResponse:
    """Take a file and say what is wrong with it."""
    form = OldFileForm(request.POST or None, request.FILES or None)
    if run := submit(request, form, services.check_import, now=timezone.now()):
        return go_to(request, "complaints:import", run.pk)
    runs = ComplaintImport.objects.visible_to(request.user).select_related("by")
    context = {
        "form": form,
        "columns": [(name, name in NEEDED) for name in COLUMNS],
        "runs": runs.defer("content").order_by("-at", "-id")[:MOST_SHOWN],
    }
    return render_page(request, "complaints/check_import.html", context, fragment="form")


@may_import
@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    run = found(request.user, ComplaintImport.objects.visible_to(request.user), pk)
    return _page(request, run, DecideImportForm(initial={"version": run.version}))


@may_import
@require_POST
def run_import(request: Request, pk: UUID) -> HttpResponse:
    rows = ComplaintImport.objects.visible_to(request.user)
    run = found(request.user, rows, pk, "complaints.run_import")
    form = DecideImportForm(request.POST)
    if submit(request, form, services.run_import, run=run, now=timezone.now()):
        return go_to(request, "complaints:import", pk, says=_taken_in(run.good))
    return _page(request, run, form)


@may_import
@require_POST
def drop_import(request: Request, pk: UUID) -> HttpResponse:
    rows = ComplaintImport.objects.visible_to(request.user)
    run = found(request.user, rows, pk, "complaints.drop_import")
    form = DecideImportForm(request.POST)
    if submit(request, form, services.drop_import, run=run, now=timezone.now()):
        return go_to(request, "complaints:check_import", says=_("Dropped."))
    return _page(request, run, form)


@may_import
@require_GET
def import_errors(request: Request, pk: UUID) -> HttpResponse:
    """Hand out what is wrong as a file, line by line."""
    run = found(request.user, ComplaintImport.objects.visible_to(request.user), pk)
    records = [{name: str(value) for name, value in each.items()} for each in run.problems]
    headers = {"Content-Disposition": 'attachment; filename="errors.csv"'}
    text = write_csv(["line", "column", "says"], records)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, run: ComplaintImport, form: DecideImportForm) -> HttpResponse:
    context = {
        "run": run,
        "form": form,
        "problems": run.problems[:MOST_SHOWN],
        "is_open": run.state == ComplaintImport.State.CHECKED,
    }
    return render_page(request, "complaints/import.html", context, fragment="run")


def _taken_in(count: int) -> str:
    return ngettext("%(count)d complaint imported.", "%(count)d complaints imported.", count) % {
        "count": count
    }
