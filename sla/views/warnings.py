"""Early warning: the board, and what to say to a client who may leave."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.bad_news_lines import bad_news_line, flight_figures
from accounts.forms import BadNewsFilterForm
from accounts.kinds import CHURN_RISK
from accounts.models import Account, Alert, Contact
from accounts.queries import account_detail, bad_news_list, contact_list, standing
from accounts.views.common import found
from core.models import User
from core.pages import Request, render_page
from core.paging import page_of
from sla.board import (
    ICONS,
    PUT_OFF,
    WORST_FIRST,
    Section,
    alert_lines,
    board_alerts,
    own_rows,
    sections,
)
from sla.permissions import reads_warnings, sees_all_warnings
from sla.texts import client_text

FEW_NEWS = 5


def _reads_warnings(user: Any) -> bool:
    if not reads_warnings(user):
        raise PermissionDenied
    return True


@user_passes_test(_reads_warnings)
@require_GET
def warnings(request: Request) -> HttpResponse:
    user, now = request.user, timezone.now()
    if (key := request.GET.get("section", "")) in ICONS:
        return _one_section(request, key, now)
    shown = sections(user, now)
    context = {
        "sections": [each for each in shown if each.key != PUT_OFF],
        "put_off": next(each for each in shown if each.key == PUT_OFF),
        "is_clear": not any(each.count for each in shown),
        "news": _news(user, now),
        "sees_all": sees_all_warnings(user),
    }
    return render_page(request, "sla/warnings.html", context, fragment="board")


def _one_section(request: Request, key: str, now: datetime) -> HttpResponse:
    alerts = board_alerts(request.user, now).filter(section=key)
    page = page_of(request, alerts, *WORST_FIRST)
    lines = alert_lines(request.user, page.rows, now)
    section = Section(key=key, count=len(lines), red=0, lines=lines)
    context = {"section": section, "page": page}
    return render_page(request, "sla/warnings_of.html", context, fragment="rows")


def _news(user: User, now: datetime) -> dict[str, Any]:
    """Return the bad news that somebody still waits for, and how fast it flew of late.

    Nobody's name: a board that shows who brought it would silence the next one.
    """
    rows = own_rows(user, bad_news_list(user))
    to_manager, to_client = flight_figures(rows, now)
    waiting = rows.filter(Q(is_settled=0))
    return {
        "lines": [bad_news_line(row, now) for row in waiting[:FEW_NEWS]],
        "count": waiting.count(),
        "to_manager": to_manager,
        "to_client": to_client,
        "may_acknowledge": user.front_office,
        "noted_url": reverse("accounts:bad_news_list", query={"show": BadNewsFilterForm.NOTED}),
        "told_url": reverse("accounts:bad_news_list", query={"show": BadNewsFilterForm.TOLD}),
    }


@require_GET
def talk(request: Request, pk: UUID) -> HttpResponse:
    """Show what to say to whom, for a call today and a stay interview alike."""
    user = request.user
    account = found(user, account_detail(user), pk, "accounts.log_touch")
    alert = standing(account, CHURN_RISK).first()
    people = contact_list(user).of(account).filter(state=Contact.State.ACTIVE)
    context = {
        "account": account,
        "line": alert_lines(user, [alert], timezone.now())[0] if alert else None,
        "script": _script(account, alert) if alert else "",
        "people": people.filter(roles__overlap=list(Contact.DECISIVE)),
    }
    return render_page(request, "sla/talk.html", context, fragment="talk")


def _script(account: Account, alert: Alert) -> str:
    """Return the apology and the question in the client's language, for the last time we were late."""
    day = date.fromisoformat(alert.facts["late"][-1]["on"])
    told = format_date(day, "d MMMM", locale=account.language)
    return client_text("churn_call", account.language, date=told)
