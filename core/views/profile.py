"""What a person sets for himself: settings, theme, language, a deputy for the days away."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language as set_language_cookie

from core.models import User
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of
from core.queries import deputyships, tokens_of
from core.services import deputyship as deputies
from core.services import preferences
from core.user_forms import AbsenceForm, DeputyForm, PreferencesForm, ThemeForm

form_page = require_http_methods(["GET", "POST"])
LANGUAGES = dict(settings.LANGUAGES)
YEAR_SECONDS = 365 * 24 * 60 * 60


@require_GET
def profile(request: Request) -> HttpResponse:
    today = timezone.localdate()
    own = deputyships(request.user)
    context = {
        "deputies": own.filter(person=request.user)[:10],
        "stands_in": own.filter(deputy=request.user, ends_on__gte=today)[:10],
        "tokens": tokens_of(request.user),
        "today": today,
        "language_name": LANGUAGES[request.user.language],
        "theme_form": ThemeForm(initial={"theme": request.COOKIES.get("theme", "auto")}),
    }
    return render_page(request, "core/profile.html", context, fragment="cards")


@form_page
def set_preferences(request: Request) -> HttpResponse:
    names = ("version", "name", "phone", "time_zone", "wants_mail")
    initial = {name: getattr(request.user, name) for name in names}
    form = PreferencesForm(request.POST or None, initial=initial)
    if submit(request, form, preferences.set_preferences, now=timezone.now()):
        return go_to(request, "core:profile", says=_("Saved."))
    return _form_page(request, form, _("Your settings"))


@require_POST
def set_theme(request: Request) -> HttpResponse:
    """Keep the theme in a cookie, as the switch in the shell does without a request."""
    form = ThemeForm(request.POST)
    response = go_to(request, "core:profile")
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax")
    return response


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the screens, and of the person who is signed in."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in LANGUAGES:
        preferences.set_language(actor=request.user, language=language, now=timezone.now())
    return set_language_cookie(request)


@form_page
def set_deputy(request: Request) -> HttpResponse:
    form = DeputyForm(request.POST or None, person=request.user)
    service = deputies.set_deputy
    if submit(request, form, service, person=request.user, now=timezone.now()):
        return go_to(request, "core:profile", says=_("Saved."))
    return _form_page(request, form, _("Name a deputy"))


@require_POST
def end_deputy(request: Request, pk: UUID) -> HttpResponse:
    deputyship = get_object_or_404(deputyships(request.user), pk=pk)
    act(request, deputies.end_deputy, deputyship=deputyship, now=timezone.now())
    is_own = deputyship.person_id == request.user.pk
    return go_to(request, "core:profile" if is_own else "core:absences", says=_("Ended."))


@permission_required("core.set_deputy", raise_exception=True)
@form_page
def absences(request: Request) -> HttpResponse:
    """Show who is away; the head and administrators name deputies for others here."""
    form = AbsenceForm(request.POST or None)
    if submit(request, form, deputies.set_deputy, now=timezone.now()):
        return go_to(request, "core:absences", says=_("Saved."))
    page = page_of(request, deputyships(request.user), "-starts_on", "-id")
    context = {"form": form, "page": page, "today": timezone.localdate()}
    return render_page(request, "core/absences.html", context, fragment="absences")


def _form_page(request: Request, form: Form, title: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "submit": _("Save"),
        "cancel_url": reverse("core:profile"),
    }
    return render_page(request, "core/form.html", context, fragment="form")
