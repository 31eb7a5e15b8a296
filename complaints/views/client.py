"""The client's own page: no sign-in, no navigation, a secret link instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, wraps
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.client_view import ClientCase, client_case, files_of
from complaints.downloads import download_of
from complaints.forms.client import ClientForm
from complaints.links import find_link, grant_once, note_opening
from complaints.models import ClientLink
from complaints.views.client_steps import STEPS, Step
from complaints.views.street import is_too_fast, keep_private, slow_down, speaking, wall
from core.errors import DomainError
from core.once import wish_of
from core.operations import SYSTEM
from core.pages import INVALID, REFUSED
from core.patience import with_patience

LANGUAGES: Final = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks at what, in which language; lang -- "" unless he chose one himself."""

    link: ClientLink
    token: str
    language: str
    lang: str
    now: datetime

    def page(self, **query: str) -> str:
        query |= {"lang": self.lang} if self.lang else {}
        address = reverse("client:case", args=[self.token])
        return f"{address}?{urlencode(query)}" if query else address

    def case(self) -> ClientCase:
        return client_case(self.link, self.language, self.now)


class NotPossibleNow(DomainError):
    code = "not_possible_now"


View = Callable[..., HttpResponseBase]


def for_clients(view: View) -> View:
    """Open the door to whoever has a valid link; to everybody else it is one and the same wall."""

    @login_not_required
    @wraps(view)
    def door(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        lang = request.GET.get("lang", "")
        lang = lang if lang in LANGUAGES else ""
        response: HttpResponseBase
        if is_too_fast(request, token):
            response = slow_down(request, lang)
        elif link := find_link(token, now := timezone.now()):
            language = lang or (link.contact or link.leads_to).language
            visit = Visit(link=link, token=token, language=language, lang=lang, now=now)
            with timezone.override(ZoneInfo(link.leads_to.account.time_zone)):
                response = speaking(language, lambda: view(request, visit, **kwargs))
        else:
            response = wall(request, lang)
        return keep_private(response)

    return door


@require_safe
@for_clients
def case(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show how it stands. Looking changes nothing but when it was last looked at."""
    note_opening(visit.link, visit.now)
    done = STEPS.get(request.GET.get("done", ""))
    return _page(request, visit, {}, says=done.done if done else "")


@require_safe
@for_clients
def file(request: HttpRequest, visit: Visit, key: UUID) -> FileResponse | HttpResponse:
    """Hand out a file that he sent himself."""
    for each in files_of(visit.link):
        if each.pk == key:
            return download_of(each)
    return render(request, "complaints/client/wall.html", status=404)


def view_of(step: Step) -> View:
    """Return the view that takes one form of the page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_clients
    def send(request: HttpRequest, visit: Visit) -> HttpResponse:
        if request.method != "POST":
            # Reloaded, or read in another language, after something was refused.
            return HttpResponseRedirect(visit.page())
        form = step.form(request.POST, request.FILES)
        status = _take(request, visit, step, form)
        if status is None:
            return HttpResponseRedirect(visit.page(done=step.verb))
        fresh = find_link(visit.token, visit.now) or visit.link
        return _page(request, replace(visit, link=fresh), {step.verb: form}, status=status)

    return send


def _take(request: HttpRequest, visit: Visit, step: Step, form: ClientForm) -> int | None:
    """Do what the form asks; else return the status of the page that says what is wrong."""
    if not form.is_valid():
        return INVALID
    work = partial(_do, visit, step, form.cleaned_data)
    try:
        with_patience(lambda: grant_once(visit.link, wish_of(request), work))
    except DomainError as error:
        form.add_error(None, ValidationError(str(error.sentence), code=error.code))
        return REFUSED
    return None


def _do(visit: Visit, step: Step, told: dict[str, Any]) -> None:
    if not getattr(visit.case().may, step.verb):
        raise NotPossibleNow(_("This is no longer possible. Read how it stands now."))
    given = step.given(visit.link) | told
    step.service(actor=SYSTEM, complaint=visit.link.leads_to, now=visit.now, **given)


def _page(
    request: HttpRequest,
    visit: Visit,
    bound: dict[str, ClientForm],
    *,
    says: Any = "",
    status: int = 200,
) -> HttpResponse:
    seen = visit.case()
    context = {
        "case": seen,
        "steps": _steps(visit, seen, bound),
        "says": says,
        "trouble": next((_trouble(verb, form) for verb, form in bound.items()), None),
        "token": visit.token,
    }
    return render(request, "complaints/client/case.html", context, status=status)


def _steps(visit: Visit, seen: ClientCase, bound: dict[str, ClientForm]) -> dict[str, Any]:
    """Return the forms that the page offers, and one that was sent even if it no longer does."""
    lang = f"?lang={visit.lang}" if visit.lang else ""
    return {
        verb: {
            "step": step,
            "form": bound.get(verb) or step.form(),
            "url": reverse(f"client:{verb}", args=[visit.token]) + lang,
        }
        for verb, step in STEPS.items()
        if verb in bound or getattr(seen.may, verb)
    }


def _trouble(verb: str, form: ClientForm) -> dict[str, str]:
    """Return what was wrong with what he sent, and where on the page it stands."""
    name, sentences = next(iter(form.errors.items()))
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True
    return {"sentence": str(sentences[0]), "verb": verb}
