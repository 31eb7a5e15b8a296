"""HTML in one place: page or fragment, a form's way to a service, a refusal's way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from core.errors import DomainError, Sentence, StaleVersion
from core.models import Row, User
from core.once import answer_once
from core.patience import with_patience

Service = Callable[..., Any]
INVALID, REFUSED, STALE = 422, 409, 412


class Request(HttpRequest):
    """A request as it looks past our middleware: signed in, htmx-aware.

    form_status -- what the page with the form is answered with; set by `submit`.
    """

    htmx: HtmxDetails
    user: User
    form_status: int


class VersionedForm(forms.Form):
    """A form that edits a row: `submit` refuses if somebody changed the row after it was shown.

    Show it with initial={"version": row.version, …}.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


def swaps_part(request: HttpRequest) -> bool:
    """Tell whether htmx wants a part; boosted links and the Back button want a whole page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def render_page(
    request: Request, template: str, context: dict[str, Any], *, fragment: str
) -> HttpResponse:
    """Render the template, or only its named fragment when htmx swaps a part of the page.

    After a `submit` that failed, the answer says so: 422 invalid, 409 refused, 412 stale.
    """
    name = f"{template}#{fragment}" if swaps_part(request) else template
    response = render(request, name, context, status=getattr(request, "form_status", 200))
    patch_vary_headers(response, ["HX-Request"])
    return response


def go_to(
    request: Request, to: Any, *args: Any, says: Sentence = "", **kwargs: Any
) -> HttpResponse:
    """Leave for another page after a change; htmx leaves too instead of swapping.

    to -- URL name, path or row with get_absolute_url; says -- a short "Saved." shown there.
    """
    if says:
        messages.success(request, str(says))
    address = resolve_url(to, *args, **kwargs)
    if swaps_part(request):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def toast(response: HttpResponse, text: Sentence, tone: str = "success") -> HttpResponse:
    """Let the fragment's answer show a short message as well; tone as in the callouts."""
    event = {"kamerton:toast": {"text": str(text), "tone": tone}}
    response.headers["HX-Trigger"] = json.dumps(event)
    return response


def submit(
    request: Request, form: forms.Form, service: Service, *, now: datetime, **given: Any
) -> Any:
    """Run the service with what the form says. Return its result, or None if that failed.

    given -- further arguments of the service; a form's `version` is checked against the first
             row among them, or the person. A service that returns nothing answers with that row.

    The same rendered form sent twice runs once and gives the same result twice. What is wrong
    stands in the form afterwards; show it again with `render_page`.
    """
    if not form.is_valid():
        request.form_status = INVALID if form.is_bound else 200
        return None
    values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        return act(request, service, now=now, **given, **values)
    except StaleVersion as error:
        request.form_status = STALE
        _show_both_versions(form, error, _row_of(request, given))
    except DomainError as error:
        request.form_status = REFUSED
        form.add_error(None, ValidationError(str(error.sentence), code=error.code))
    return None


def act(request: Request, service: Service, *, now: datetime, **given: Any) -> Any:
    """Run the service for a button without a form; as `submit`, but raises DomainError.

    Outside a form the refusal becomes a page, or a short message where htmx asked.
    """
    row = _row_of(request, given)
    version = request.POST.get("version", "")

    def work() -> Any:
        row.expect(int(version) if version.isdecimal() else None)
        result = service(actor=request.user, now=now, **given)
        return row if result is None else result

    return with_patience(lambda: answer_once(request, request.user, work))


def _row_of(request: Request, given: dict[str, Any]) -> Row:
    return next((value for value in given.values() if isinstance(value, Row)), request.user)


def _show_both_versions(form: forms.Form, error: StaleVersion, row: Row) -> None:
    """Say beside each field what it is now; sending the form again overwrites knowingly."""
    form.add_error(None, ValidationError(str(error.sentence), code=error.code))
    for name, typed in list(form.cleaned_data.items()):
        present = getattr(row, name, typed)
        if name in form.fields and name != "version" and present != typed:
            said = _in_words(form.fields[name], present)
            form.add_error(name, _("Now it is: %(value)s") % {"value": said})
    data = cast(QueryDict, form.data).copy()
    data[form.add_prefix("version")] = str(row.version)
    form.data = data


def _in_words(field: forms.Field, value: Any) -> str:
    # A ModelChoiceField has choices too, but reading them would read the whole table.
    own: Any = () if isinstance(field, ModelChoiceField) else getattr(field, "choices", ())
    labels = {str(key): label for key, label in own}
    values = value if isinstance(value, list) else [value]
    words = [str(labels.get(str(each), each)) for each in values if each not in (None, "")]
    return ", ".join(words) or "–"
