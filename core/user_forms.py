"""Forms of people, teams, deputies and the own profile. They check shape only."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.context import THEMES
from core.models import ApiToken, User
from core.pages import VersionedForm
from core.queries import colleagues

THEME_LABELS = {"light": _("Light"), "dark": _("Dark"), "auto": _("Auto")}
ZONES = ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone)]


def _roles() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Roles"), choices=User.Role.choices, widget=forms.CheckboxSelectMultiple
    )


def _name() -> forms.CharField:
    return forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)


def _email() -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), max_length=254)


class CreateUserForm(forms.Form):
    name, email, roles = _name(), _email(), _roles()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class EditUserForm(VersionedForm):
    name, email, roles = _name(), _email(), _roles()


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=colleagues(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class EditTeamForm(TeamForm, VersionedForm):
    pass


class PreferencesForm(VersionedForm):
    name = _name()
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])
    wants_mail = forms.BooleanField(
        label=_("Send me notifications by mail"),
        required=False,
        help_text=_("Breaches and bad news come by mail in any case."),
    )


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[(theme, THEME_LABELS[theme]) for theme in THEMES],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _colleague(label: Any) -> Any:
    return forms.ModelChoiceField(label=label, queryset=colleagues())


class DeputyForm(forms.Form):
    """person -- who will be away, and so cannot be chosen."""

    deputy = _colleague(_("Deputy"))
    starts_on, ends_on = _day(_("From")), _day(_("Until, this day included"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy: Any = self.fields["deputy"]
        deputy.queryset = colleagues().exclude(pk=person.pk)


class AbsenceForm(forms.Form):
    person, deputy = _colleague(_("Who is away")), _colleague(_("Deputy"))
    starts_on, ends_on = _day(_("From")), _day(_("Until, this day included"))


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program uses it, and where.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateTimeField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone. Without it the token works until it is revoked."),
    )
