"""Bad news: told from every page, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import services
from accounts.bad_news_lines import bad_news_line, flight_figures, lately, open_steps
from accounts.forms import (
    BadNewsFilterForm,
    BadNewsForm,
    ClientForm,
    SpareClientForm,
    TellClientForm,
)
from accounts.models import Account, BadNews
from accounts.models.bad_news import BadNewsQuerySet
from accounts.permissions import may_name_messenger
from accounts.queries import bad_news_detail, bad_news_list
from accounts.views.common import form_page, found, shows_form, way_back
from core.models import User
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of


@shows_form
def report_bad_news(request: Request) -> HttpResponse:
    client = ClientForm(request.POST or request.GET, user=request.user)
    accounts, account = client.choice()
    now = timezone.now()
    form = BadNewsForm(request.POST or None, account=account, now=now)
    if news := submit(request, form, services.report_bad_news, account=account, now=now):
        says = _("Thank you. Whoever must act has been told.")
        return go_to(request, "accounts:bad_news", news.pk, says=says)
    first = form.fields["what"] if account else client.fields["find"]
    first.widget.attrs["autofocus"] = True
    context = {"client": client, "found": accounts, "account": account, "form": form}
    fragment = "form" if request.method == "POST" else "client"
    return render_page(request, "accounts/report_bad_news.html", context, fragment=fragment)


@require_GET
def index(request: Request) -> HttpResponse:
    form, now = BadNewsFilterForm(request.GET), timezone.now()
    form.is_valid()
    account, show = form.cleaned_data.get("account"), form.cleaned_data.get("show", "")
    rows = bad_news_list(request.user)
    rows = rows.filter(account=account) if account else rows
    page = page_of(request, _chosen(rows, show, now), "is_settled", "-reported_at", "-id")
    context = {
        "account": account,
        "choices": _choices(form, account, show),
        "numbers": partial(_numbers, rows, account, now),
        "page": page,
        "lines": [bad_news_line(row, now) for row in page.rows],
    }
    return render_page(request, "accounts/bad_news_list.html", context, fragment="rows")


def _chosen(rows: BadNewsQuerySet, show: str, now: datetime) -> BadNewsQuerySet:
    behind = {
        BadNewsFilterForm.UNACKNOWLEDGED: rows.unacknowledged(),
        BadNewsFilterForm.UNTOLD: rows.untold(),
        BadNewsFilterForm.NOTED: lately(rows, now).exclude(acknowledged_at=None),
        BadNewsFilterForm.TOLD: lately(rows, now).exclude(told_at=None),
    }
    return behind.get(show, rows)


def _choices(form: BadNewsFilterForm, account: Account | None, chosen: str) -> list[dict[str, Any]]:
    choices: Any = form.fields["show"]
    return [
        {"label": label, "url": _address(account, show), "is_chosen": show == chosen}
        for show, label in choices.choices
    ]


def _address(account: Account | None, show: str) -> str:
    query = {"show": show} if show else {}
    return f"?{urlencode(query | ({'account': account.pk} if account else {}))}"


def _numbers(rows: BadNewsQuerySet, account: Account | None, now: datetime) -> dict[str, Any]:
    """Return what stands above the list: what is open, and how fast news flew of late."""
    form = BadNewsFilterForm
    to_manager, to_client = flight_figures(rows, now)
    shows = (form.UNACKNOWLEDGED, form.UNTOLD, form.NOTED, form.TOLD)
    return {
        "unacknowledged": rows.unacknowledged().count(),
        "untold": rows.untold().count(),
        "to_manager": to_manager,
        "to_client": to_client,
        "urls": {show: _address(account, show) for show in shows},
    }


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    user = request.user
    news = found(user, bad_news_detail(user), pk)
    context = {
        "line": bad_news_line(news, timezone.now()),
        "messenger": news.reported_by.name if may_name_messenger(user, news) else "",
        "is_messenger": news.reported_by_id == user.pk,
        **_offers(user, news),
    }
    return render_page(request, "accounts/bad_news.html", context, fragment="news")


def _offers(user: User, news: BadNews) -> dict[str, bool]:
    """Return what the person may do with it now."""
    verbs = open_steps(news)
    return {f"may_{verb}": user.has_perm(f"accounts.{verb}", news) for verb in verbs}


@require_POST
def acknowledge_bad_news(request: Request, pk: UUID) -> HttpResponse:
    news = found(request.user, bad_news_detail(request.user), pk, "accounts.acknowledge_bad_news")
    act(request, services.acknowledge_bad_news, news=news, now=timezone.now())
    back = way_back(request, "accounts:bad_news", pk)
    return go_to(request, back, says=_("Noted. Now decide what the client hears."))


@shows_form
def tell_client(request: Request, pk: UUID) -> HttpResponse:
    news = found(request.user, bad_news_detail(request.user), pk, "accounts.tell_client")
    form = TellClientForm(request.POST or None, initial={"version": news.version})
    if submit(request, form, services.tell_client, news=news, now=timezone.now()):
        return go_to(request, "accounts:bad_news", pk, says=_("Noted: the client knows."))
    words = {"title": _("The client has been told"), "submit": _("Client told")}
    return form_page(request, form, ("accounts:bad_news", pk), subtitle=news.what, **words)


@shows_form
def spare_client(request: Request, pk: UUID) -> HttpResponse:
    news = found(request.user, bad_news_detail(request.user), pk, "accounts.spare_client")
    form = SpareClientForm(request.POST or None, initial={"version": news.version})
    if submit(request, form, services.spare_client, news=news, now=timezone.now()):
        return go_to(request, "accounts:bad_news", pk, says=_("Noted."))
    words = {"title": _("The client need not hear of it"), "submit": _("Note it")}
    return form_page(request, form, ("accounts:bad_news", pk), subtitle=news.what, **words)


@require_POST
def thank_messenger(request: Request, pk: UUID) -> HttpResponse:
    news = found(request.user, bad_news_detail(request.user), pk, "accounts.thank_messenger")
    act(request, services.thank_messenger, news=news, now=timezone.now())
    return go_to(request, "accounts:bad_news", pk, says=_("Your thanks are on their way."))
