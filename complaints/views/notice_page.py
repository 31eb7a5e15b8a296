"""The page of a notice's recipient: no sign-in, a secret link; looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints.forms.notice import NoticeCommentForm
from complaints.models import Recipient
from complaints.notice_links import find_recipient
from complaints.notice_view import client_notice
from complaints.services.recipient import (
    SaidAlready,
    acknowledge_recipient,
    comment_notice,
    record_action,
)
from complaints.views.street import is_too_fast, keep_private, slow_down, speaking, wall
from core.errors import DomainError, InvalidTransition, Sentence
from core.operations import SYSTEM
from core.pages import INVALID, REFUSED
from core.patience import with_patience

LANGUAGES: Final = dict(settings.LANGUAGES)
ANSWERS: Final[dict[str, tuple[Callable[..., Recipient], Sentence]]] = {
    "read": (acknowledge_recipient, _("Thank you for telling us.")),
    "done": (record_action, _("Thank you. We have noted that it is done.")),
    "comment": (comment_notice, _("Thank you. Your contact has your words.")),
}
"""What a form of the page says; each is sent by POST, for mail scanners open every link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks, in which language; lang -- "" unless he chose one himself."""

    recipient: Recipient
    token: str
    language: str
    lang: str
    now: datetime

    def address(self, **query: str) -> str:
        query |= {"lang": self.lang} if self.lang else {}
        address = reverse("notice_page", args=[self.token])
        return f"{address}?{urlencode(query)}" if query else address


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the notice to whoever has its link, and take what he says."""
    lang = request.GET.get("lang", "")
    lang = lang if lang in LANGUAGES else ""
    return keep_private(_answer(request, token, lang, timezone.now()))


def _answer(request: HttpRequest, token: str, lang: str, now: datetime) -> HttpResponse:
    if is_too_fast(request, token):
        return slow_down(request, lang)
    recipient = find_recipient(token, now)
    if recipient is None:
        return wall(request, lang)
    language = lang or recipient.language
    visit = Visit(recipient=recipient, token=token, language=language, lang=lang, now=now)
    work = _take if request.method == "POST" else _show
    account = recipient.account or recipient.reseller
    zone = ZoneInfo(account.time_zone) if account else None
    with timezone.override(zone):
        answered: HttpResponse = speaking(language, partial(work, request, visit))
    return answered


def _show(
    request: HttpRequest, visit: Visit, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    said = ANSWERS.get(request.GET.get("said", ""))
    context = {
        "seen": client_notice(visit.recipient, visit.language),
        "form": form or NoticeCommentForm(),
        "says": said[1] if said else "",
        "address": visit.address(),
    }
    return render(request, "complaints/client/notice.html", context, status=status)


def _take(request: HttpRequest, visit: Visit) -> HttpResponse:
    said = request.POST.get("said", "")
    form = NoticeCommentForm(request.POST) if said == "comment" else forms.Form(request.POST)
    if said not in ANSWERS or not form.is_valid():
        return _show(request, visit, form, INVALID)
    given: dict[str, Any] = {**form.cleaned_data, "recipient": visit.recipient, "now": visit.now}
    service, _says = ANSWERS[said]
    try:
        with_patience(lambda: service(actor=SYSTEM, **given))
    except (InvalidTransition, SaidAlready):
        pass  # He has said so before: what he wants is so already.
    except DomainError as error:
        form.add_error(None, ValidationError(str(error.sentence), code=error.code))
        return _show(request, visit, form, REFUSED)
    return HttpResponseRedirect(visit.address(said=said))
