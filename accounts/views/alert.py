"""Alerts: the page of one, and what becomes of it."""

from __future__ import annotations

from datetime import time
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import services
from accounts.alert_lines import alert_line
from accounts.clockwork import business_days_later
from accounts.forms import ResolveAlertForm, SnoozeForm
from accounts.kinds import alert_says
from accounts.queries import alert_list
from accounts.subjects import subject_url
from accounts.views.common import form_page, found, shows_form, way_back
from core.history import visible_history
from core.models import AuditEntry
from core.pages import Request, VersionedForm, go_to, render_page, submit

START_OF_DAY: Final = time(9)


@require_GET
def alert(request: Request, pk: UUID) -> HttpResponse:
    user = request.user
    row = found(user, alert_list(user), pk)
    may_settle = user.has_perm("accounts.edit", row.account)
    history = AuditEntry.objects.filter(visible_history(user), target_id=row.pk)
    context = {
        "line": alert_line(user, row, timezone.now(), may_settle=may_settle),
        "subject_url": subject_url(row),
        "entries": history.select_related("actor", "on_behalf_of").order_by("-at", "-id"),
    }
    return render_page(request, "accounts/alert.html", context, fragment="card")


@shows_form
def acknowledge_alert(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, alert_list(request.user), pk, "accounts.acknowledge_alert")
    form = VersionedForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.acknowledge_alert, alert=row, now=timezone.now()):
        return go_to(request, way_back(request, "accounts:alert", pk), says=_("Noted as seen."))
    words = {"title": _("I have seen it"), "submit": _("Seen")}
    return form_page(request, form, ("accounts:alert", pk), subtitle=alert_says(row), **words)


@shows_form
def snooze_alert(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, alert_list(request.user), pk, "accounts.snooze_alert")
    now = timezone.now()
    until = business_days_later(row.account, now, 1, at=START_OF_DAY)
    form = SnoozeForm(request.POST or None, initial={"version": row.version, "until": until})
    if submit(request, form, services.snooze_alert, alert=row, now=now):
        return go_to(request, "accounts:alert", pk, says=_("Put off."))
    words = {"title": _("Put it off"), "submit": _("Put it off")}
    return form_page(request, form, ("accounts:alert", pk), subtitle=alert_says(row), **words)


@shows_form
def resolve_alert(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, alert_list(request.user), pk, "accounts.resolve_alert")
    form = ResolveAlertForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.resolve_alert, alert=row, now=timezone.now()):
        return go_to(request, "accounts:alert", pk, says=_("Noted as dealt with."))
    words = {"title": _("It is dealt with"), "submit": _("Dealt with")}
    return form_page(request, form, ("accounts:alert", pk), subtitle=alert_says(row), **words)
