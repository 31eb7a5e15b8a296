"""Forms of accounts and their filters. They check shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.forms.fields import ANY, NOT_SAID, search_field
from accounts.models import Account
from accounts.queries import account_list
from core.models import Calendar, User
from core.pages import VersionedForm
from core.queries import colleagues
from core.user_forms import ZONES

FOLDED = {
    "legal_name", "website", "registration_no", "vat_id", "currency", "payment_term_days",
    "source", "notes",
}  # fmt: skip
SORTS = {
    "name": ("sort_name", "id"),
    "stage": ("stage_rank", "sort_name", "id"),
    "tier": ("tier_rank", "sort_name", "id"),
    "owner": ("owner_name", "sort_name", "id"),
    "touch": ("last_touch_at", "id"),
    "promise": ("next_promise_at", "id"),
}


def owners() -> Any:
    """Return who may own an account, by name."""
    return colleagues().filter(roles__overlap=[User.Role.ACCOUNT_MANAGER, User.Role.HEAD_OF_KAM])


def _country_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((code, str(name)) for code, name in countries)]


class AccountFilterForm(forms.Form):
    q = search_field(_("Name, number or city"))
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[ANY, *Account.Stage.choices], required=False
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=[ANY, *Account.Tier.choices], required=False)
    owner = forms.ModelChoiceField(
        label=_("Account manager"), queryset=owners(), required=False, empty_label=_("Any")
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    mine = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = account_list(user).exclude(country="").order_by("country")
        codes = used.values_list("country", flat=True).distinct()
        named = ((code, str(countries.name(code))) for code in codes)
        self.fields["country"].choices = [ANY, *named]  # type: ignore[attr-defined]

    @property
    def is_in_use(self) -> bool:
        return any(self.cleaned_data.values())


class AccountForm(forms.Form):
    """What a person edits of an account."""

    name = forms.CharField(label=_("Name"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=Account.Stage.choices)
    client_since = forms.DateField(
        label=_("Client since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Needed for a client: the day the contract was signed."),
    )
    tier = forms.ChoiceField(
        label=_("Tier"),
        choices=Account.Tier.choices,
        help_text=_("Says how often we call. It never makes anybody's complaint faster."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])
    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.exclude(current=None).order_by("name"),
        help_text=_("The working hours by which deadlines and promises are counted."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=_country_choices, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    parent = forms.ModelChoiceField(
        label=_("Group / parent company"),
        queryset=Account.objects.none(),
        required=False,
        empty_label="–",
    )
    parent_relation = forms.ChoiceField(
        label=_("Relation to the parent"),
        choices=[NOT_SAID, *Account.ParentRelation.choices],
        required=False,
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    registration_no = forms.CharField(label=_("Registration number"), max_length=40, required=False)
    vat_id = forms.CharField(label=_("VAT number"), max_length=20, required=False)
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        error_messages={"invalid": _("Three capital letters, such as EUR.")},
    )
    payment_term_days = forms.IntegerField(
        label=_("Payment term, days"), min_value=0, max_value=365
    )
    source = forms.CharField(label=_("Where the client came from"), max_length=160, required=False)
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Account.objects.visible_to(user).filter(archived_at=None)
        self.fields["parent"].queryset = visible.order_by("sort_name", "id")  # type: ignore[attr-defined]

    @property
    def has_hidden_errors(self) -> bool:
        """Whether something is wrong in what the form folds away."""
        return bool(set(self.errors) & FOLDED)


class CreateForm(AccountForm):
    owner = forms.ModelChoiceField(label=_("Account manager"), queryset=owners())


class EditForm(AccountForm, VersionedForm):
    pass


class ReassignForm(VersionedForm):
    owner = forms.ModelChoiceField(label=_("Account manager"), queryset=owners())
    deputy = forms.ModelChoiceField(
        label=_("Deputy"), queryset=colleagues(), required=False, empty_label=_("Nobody")
    )
    team = forms.ModelMultipleChoiceField(
        label=_("Team"),
        queryset=colleagues(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They have the account manager's rights here."),
    )


class SignContractForm(VersionedForm):
    number = forms.CharField(
        label=_("Contract number"), max_length=60, help_text=_("As it stands on the paper.")
    )
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on which the last of both signed."),
    )


class MarginForm(VersionedForm):
    annual_margin = forms.DecimalField(
        label=_("Yearly margin"),
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_(
            "What is left of a year’s revenue after its costs; empty while nobody knows. "
            "It never makes anybody’s complaint faster."
        ),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annual_margin"].label = _("Yearly margin, %(currency)s") % {
            "currency": currency
        }
