"""Who must hear of a notice: the table, the calls that are due, one recipient and his answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account
from accounts.views.common import found
from complaints import services
from complaints.forms.notice import RecipientFilter, TryForm
from complaints.models import Notice, Recipient
from complaints.notice_letter import letters_of
from complaints.notice_picture import picture_of
from complaints.notice_queries import (
    notice_detail,
    recipient_list,
    states_of,
    texts_of,
    to_call,
)
from complaints.notice_steps import answers_now
from complaints.permissions.notice import answers_for_it
from complaints.views.doors import for_colleagues
from core.models import User
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of


@for_colleagues
@require_GET
def notice_recipients(request: Request, pk: UUID) -> HttpResponse:
    notice = found(request.user, notice_detail(request.user), pk)
    form = RecipientFilter(request.GET)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    rows = _matching(recipient_list(request.user).filter(notice=notice), dict(wanted))
    context = {
        "notice": notice,
        "form": form,
        "page": page_of(request, rows, "name", "id"),
        "picture": picture_of(states_of([notice]).get(notice.pk, {})),
        "reset_url": request.path if wanted else "",
        "calls": to_call(notice, request.user, timezone.now()).count(),
    }
    return render_page(request, "complaints/notices/recipients.html", context, fragment="rows")


def _matching(rows: QuerySet[Recipient], wanted: dict[str, str]) -> QuerySet[Recipient]:
    """Narrow the list; two of the states are none of a recipient's own."""
    words, state = wanted.pop("q", ""), wanted.pop("state", "")
    states: dict[str, dict[str, Any]] = {
        RecipientFilter.HEARD: {"state__in": Recipient.HEARD},
        RecipientFilter.NO_ADDRESS: {"state": Recipient.State.PENDING, "email": ""},
        "": {},
    }
    found = rows.filter(**states.get(state, {"state": state}), **wanted)
    return found.filter(name__icontains=words) if words else found


@for_colleagues
@require_GET
def notice_calls(request: Request, pk: UUID) -> HttpResponse:
    """List whom somebody must ring up, with a number to tap and what to say."""
    notice = found(request.user, notice_detail(request.user), pk)
    page = page_of(request, to_call(notice, request.user, timezone.now()), "phone_due_at", "id")
    own, letters = (
        followed_by(request.user, notice, page.rows),
        letters_of(notice, texts_of(notice)),
    )
    lines = [
        {
            "recipient": row,
            "letter": letters.get(row.language),
            "form": _try_form(row) if row.pk in own else None,
        }
        for row in page.rows
    ]
    context = {"notice": notice, "page": page, "lines": lines}
    return render_page(request, "complaints/notices/calls.html", context, fragment="rows")


def followed_by(user: User, notice: Notice, rows: Iterable[Recipient]) -> set[UUID]:
    """Return the recipients whose answers the person may record: one query for a whole list.

    The rule is that of the permission complaints.record_try; a test compares them.
    """
    shown = list(rows)
    all_of_them = {row.pk for row in shown}
    works = user.has_role("am", "sa", "hk", "te")
    if user.has_role("sa", "hk") or (works and answers_for_it(user, notice)):
        return all_of_them
    if not user.has_role("am"):
        return set()
    holders = {pk for row in shown for pk in (row.account_id, row.reseller_id) if pk}
    own = set(Account.objects.filter(pk__in=holders).own_of(user).values_list("pk", flat=True))
    return {row.pk for row in shown if {row.account_id, row.reseller_id} & own}


@for_colleagues
@require_GET
def recipient(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, recipient_list(request.user), pk)
    return _page(request, row, _try_form(row), timezone.now())


@for_colleagues
@require_POST
def acknowledge_recipient(request: Request, pk: UUID) -> HttpResponse:
    row = _answering(request, pk, "acknowledge_recipient")
    act(request, services.acknowledge_recipient, recipient=row, now=timezone.now())
    return go_to(request, "complaints:recipient", pk, says=_("Noted: the notice was read."))


@for_colleagues
@require_POST
def record_action(request: Request, pk: UUID) -> HttpResponse:
    row = _answering(request, pk, "record_action")
    act(request, services.record_action, recipient=row, now=timezone.now())
    return go_to(request, "complaints:recipient", pk, says=_("Noted: it was done."))


@for_colleagues
@require_POST
def record_try(request: Request, pk: UUID) -> HttpResponse:
    row, now = _answering(request, pk, "record_try"), timezone.now()
    form = TryForm(request.POST)
    if submit(request, form, services.record_try, recipient=row, now=now):
        if request.GET.get("back") == "calls":
            return go_to(request, "complaints:notice_calls", row.notice_id, says=_("Noted."))
        return go_to(request, "complaints:recipient", pk, says=_("Noted."))
    return _page(request, row, form, now)


def _answering(request: Request, pk: UUID, verb: str) -> Recipient:
    return found(request.user, recipient_list(request.user), pk, f"complaints.{verb}")


def _page(request: Request, row: Recipient, form: TryForm, now: datetime) -> HttpResponse:
    letters = letters_of(row.notice, texts_of(row.notice))
    context = {
        "recipient": row,
        "notice": row.notice,
        "letter": letters.get(row.language) or next(iter(letters.values()), None),
        "form": form,
        "tries": _tries(row),
        **_offers(request.user, row),
    }
    return render_page(request, "complaints/notices/recipient.html", context, fragment="form")


def _offers(user: User, row: Recipient) -> dict[str, bool]:
    """Return what the person may record of him now."""
    return {f"may_{verb}": user.has_perm(f"complaints.{verb}", row) for verb in answers_now(row)}


def _try_form(row: Recipient) -> TryForm:
    return TryForm(initial={"version": row.version}, auto_id=f"id_{row.pk}_%s")


def _tries(row: Recipient) -> list[dict[str, Any]]:
    labels = dict(Recipient.Channel.choices)
    return [
        {"at": datetime.fromisoformat(each["at"]), "channel": labels[each["channel"]]}
        for each in row.tries
    ]
