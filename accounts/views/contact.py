"""The client's people: their cards, and what changes them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import services
from accounts.forms import AddContactForm, EditContactForm
from accounts.keywords import one_by_one
from accounts.models import Contact
from accounts.permissions import judges_contacts
from accounts.queries import account_detail, contact_list, touch_list
from accounts.services.contact import EDITABLE
from accounts.views.attitude import stake_of
from accounts.views.common import form_page, found, shows_form
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of


@require_GET
def contact(request: Request, pk: UUID) -> HttpResponse:
    person = found(request.user, contact_list(request.user), pk)
    talks, now = touch_list(request.user).filter(contacts=person), timezone.now()
    context = {
        "contact": person,
        "roles": [Contact.Role(role).label for role in person.roles],
        "companies": person.also_at.order_by("sort_name", "id"),
        "page": page_of(request, talks, "-at", "-id"),
        "stake": partial(stake_of, request.user, person, now),
        "may_edit": request.user.has_perm("accounts.edit_contact", person),
        "may_log": request.user.has_perm("accounts.log_touch", person.account),
    }
    return render_page(request, "accounts/contact.html", context, fragment="touches")


@shows_form
def add_contact(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.add_contact")
    likely = {"language": account.language, "preferred_channel": Contact.Channel.PHONE}
    may_judge = judges_contacts(request.user, account)
    form = AddContactForm(
        request.POST or None, account=account, may_judge=may_judge, initial=likely
    )
    service = one_by_one(services.add_contact, EDITABLE)
    if person := submit(request, form, service, account=account, now=timezone.now()):
        return go_to(request, "accounts:contact", person.pk, says=_("Added."))
    back = ("accounts:detail", pk)
    words = {"title": _("Add a person"), "submit": _("Add"), "subtitle": account.name}
    return form_page(request, form, back, **words)


@shows_form
def edit_contact(request: Request, pk: UUID) -> HttpResponse:
    person = found(request.user, contact_list(request.user), pk, "accounts.edit_contact")
    now_it_is = {name: getattr(person, name) for name in (*EDITABLE, "version")}
    now_it_is["also_at"] = person.also_at.all()
    may_judge = judges_contacts(request.user, person)
    form = EditContactForm(
        request.POST or None, account=person.account, may_judge=may_judge, initial=now_it_is
    )
    service = one_by_one(services.edit_contact, EDITABLE)
    if submit(request, form, service, contact=person, now=timezone.now()):
        return go_to(request, "accounts:contact", pk, says=_("Saved."))
    back = ("accounts:contact", pk)
    words = {"title": person.name, "submit": _("Save"), "subtitle": person.account.name}
    return form_page(request, form, back, **words)
