"""People and teams, for administrators."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.models import Team, User
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of
from core.queries import people_list, team_list
from core.services import team as teams
from core.services import user as users
from core.user_forms import CreateUserForm, EditTeamForm, EditUserForm, TeamForm

for_administrators = permission_required("core.create_user", raise_exception=True)
form_page = require_http_methods(["GET", "POST"])


@for_administrators
@require_GET
def people(request: Request) -> HttpResponse:
    page = page_of(request, people_list(), "-is_active", "sort", "id")
    context = {"page": page, "teams": team_list()}
    return render_page(request, "core/people.html", context, fragment="rows")


@for_administrators
@require_GET
def user(request: Request, pk: UUID) -> HttpResponse:
    person = get_object_or_404(people_list(), pk=pk)
    return render_page(request, "core/user.html", {"person": person}, fragment="card")


@for_administrators
@form_page
def create_user(request: Request) -> HttpResponse:
    form = CreateUserForm(request.POST or None, initial={"language": request.user.language})
    if person := submit(request, form, users.create_user, now=timezone.now()):
        return go_to(request, "core:user", person.pk, says=_("Added."))
    return _form_page(request, form, _("Add a person"), reverse("core:people"))


@for_administrators
@form_page
def edit_user(request: Request, pk: UUID) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    names = ("version", "name", "email", "roles")
    form = EditUserForm(request.POST or None, initial={n: getattr(person, n) for n in names})
    if submit(request, form, users.edit_user, user=person, now=timezone.now()):
        return go_to(request, "core:user", pk, says=_("Saved."))
    return _form_page(request, form, person.name, reverse("core:user", args=[pk]))


@for_administrators
@require_POST
def deactivate_user(request: Request, pk: UUID) -> HttpResponse:
    act(request, users.deactivate_user, user=get_object_or_404(User, pk=pk), now=timezone.now())
    return go_to(request, "core:user", pk, says=_("The access is closed."))


@for_administrators
@require_POST
def reactivate_user(request: Request, pk: UUID) -> HttpResponse:
    act(request, users.reactivate_user, user=get_object_or_404(User, pk=pk), now=timezone.now())
    return go_to(request, "core:user", pk, says=_("The access is open again."))


@for_administrators
@require_POST
def end_sessions(request: Request, pk: UUID) -> HttpResponse:
    act(request, users.end_sessions, user=get_object_or_404(User, pk=pk), now=timezone.now())
    return go_to(request, "core:user", pk, says=_("Signed out everywhere."))


@for_administrators
@form_page
def create_team(request: Request) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if submit(request, form, teams.create_team, now=timezone.now()):
        return go_to(request, "core:people", says=_("Added."))
    return _form_page(request, form, _("Add a team"), reverse("core:people"))


@for_administrators
@form_page
def edit_team(request: Request, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    initial = {"version": team.version, "name": team.name, "members": team.members.all()}
    form = EditTeamForm(request.POST or None, initial=initial)
    if submit(request, form, teams.edit_team, team=team, now=timezone.now()):
        return go_to(request, "core:people", says=_("Saved."))
    return _form_page(request, form, team.name, reverse("core:people"))


def _form_page(request: Request, form: Form, title: str, cancel_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": _("Save"), "cancel_url": cancel_url}
    return render_page(request, "core/form.html", context, fragment="form")
