"""What a person at the client thinks of us: the picture on the card, and the forms beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.attitude_line import attitude_line
from accounts.forms import InfluenceForm, ReadAttitudeForm
from accounts.models import Contact
from accounts.queries import contact_list, reading_list, stake_contact_list
from accounts.views.common import form_page, found, shows_form
from core.models import User
from core.pages import Request, go_to, render_page, submit

MOST = 12


def stake_of(user: User, contact: Contact, now: datetime) -> dict[str, Any] | None:
    """Return influence and attitude of the person; None for those who may not read STAKE."""
    row = stake_contact_list(user).get(pk=contact.pk)
    if not row.in_stake:  # type: ignore[attr-defined]  # annotated by stake_contact_list
        return None
    readings = list(reading_list(user).filter(contact=contact)[:MOST])
    oldest_first = [(reading.at, reading.value) for reading in reversed(readings)]
    return {
        "readings": readings,
        "line": attitude_line(oldest_first, now),
        "form": ReadAttitudeForm() if user.has_perm("accounts.read_attitude", contact) else None,
        "may_set": user.has_perm("accounts.set_influence", contact),
    }


@shows_form
def read_attitude(request: Request, pk: UUID) -> HttpResponse:
    person = found(request.user, contact_list(request.user), pk, "accounts.read_attitude")
    form = ReadAttitudeForm(request.POST or None)
    if submit(request, form, services.read_attitude, contact=person, now=timezone.now()):
        return go_to(request, "accounts:contact", pk, says=_("Noted."))
    context = {"contact": person, "form": form}
    return render_page(request, "accounts/read_attitude.html", context, fragment="reading")


@shows_form
def set_influence(request: Request, pk: UUID) -> HttpResponse:
    person = found(request.user, contact_list(request.user), pk, "accounts.set_influence")
    now_it_is = {"influence": person.influence, "version": person.version}
    form = InfluenceForm(request.POST or None, initial=now_it_is)
    if submit(request, form, services.set_influence, contact=person, now=timezone.now()):
        return go_to(request, "accounts:contact", pk, says=_("Noted."))
    words = {"title": _("Influence"), "submit": _("Save"), "subtitle": person.name}
    return form_page(request, form, ("accounts:contact", pk), **words)
