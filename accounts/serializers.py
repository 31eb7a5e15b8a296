"""Shapes of accounts, their people, talks and promises over REST."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django_countries import countries
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact, Promise, Touch
from core.models import Calendar, User
from core.queries import colleagues
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output
from core.user_forms import ZONES

LONGEST_TEXT = 20_000


def _colleague(**options: Any) -> Any:
    key = serializers.UUIDField()
    return serializers.PrimaryKeyRelatedField(queryset=colleagues(), pk_field=key, **options)


class AccountOutput(Output[Account]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    kind = serializers.ChoiceField(Account.Kind.choices)
    name = serializers.CharField()
    stage = serializers.ChoiceField(Account.Stage.choices)
    tier = serializers.ChoiceField(Account.Tier.choices)
    owner = serializers.UUIDField(source="owner_id")
    deputy = serializers.UUIDField(source="deputy_id", allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # a column
    parent_relation = serializers.CharField()
    country = serializers.CharField(source="country.code")
    city = serializers.CharField()
    language = serializers.ChoiceField(settings.LANGUAGES)
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    client_since = serializers.DateField(allow_null=True)
    last_touch_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class AccountDetailOutput(AccountOutput):
    legal_name = serializers.CharField()
    registration_no = serializers.CharField()
    vat_id = serializers.CharField()
    website = serializers.CharField()
    calendar = serializers.UUIDField(source="calendar_id")
    payment_term_days = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # our column, not DRF's word
    notes = serializers.CharField()
    team = serializers.SerializerMethodField()

    def get_team(self, account: Account) -> list[UUID]:
        return [person.pk for person in account.team.all()]


class AccountInput(Input):
    """What a person edits of an account."""

    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(Account.Kind.choices, default=Account.Kind.COMPANY)
    stage = serializers.ChoiceField(Account.Stage.choices, default=Account.Stage.LEAD)
    client_since = serializers.DateField(allow_null=True, default=None)
    tier = serializers.ChoiceField(Account.Tier.choices, default=Account.Tier.SMALL)
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    time_zone = serializers.ChoiceField(ZONES, default=settings.TIME_ZONE)
    calendar = serializers.PrimaryKeyRelatedField(
        queryset=Calendar.objects.exclude(current=None), pk_field=serializers.UUIDField()
    )
    country = serializers.ChoiceField(list(countries), default="", allow_blank=True)
    city = serializers.CharField(max_length=80, default="", allow_blank=True)
    parent = VisibleRow(Account, allow_null=True, default=None)  # type: ignore[assignment]  # a column
    parent_relation = serializers.ChoiceField(
        Account.ParentRelation.choices, default="", allow_blank=True
    )
    legal_name = serializers.CharField(max_length=200, default="", allow_blank=True)
    registration_no = serializers.CharField(max_length=40, default="", allow_blank=True)
    vat_id = serializers.CharField(max_length=20, default="", allow_blank=True)
    website = serializers.URLField(max_length=200, default="", allow_blank=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="EUR")
    payment_term_days = serializers.IntegerField(min_value=0, max_value=365, default=30)
    source = serializers.CharField(max_length=160, default="", allow_blank=True)  # type: ignore[assignment]  # a column
    notes = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)


class CreateAccountInput(AccountInput):
    owner = _colleague(default=serializers.CurrentUserDefault(), help_text="Absent for yourself.")


class ReassignInput(Input):
    owner = _colleague()
    deputy = _colleague(allow_null=True, default=None)
    team = serializers.ListField(child=_colleague(), max_length=50, default=list)


class AccountFilters(FilterSet):
    stage = filters.MultipleChoiceFilter(choices=Account.Stage.choices)
    tier = filters.MultipleChoiceFilter(choices=Account.Tier.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    parent = filters.UUIDFilter(field_name="parent_id")
    country = filters.ChoiceFilter(choices=list(countries))
    mine = filters.BooleanFilter(method="of_caller", help_text="Those you answer for.")
    q = filters.CharFilter(method="matching", max_length=100, help_text="Part of a name.")

    def of_caller(self, rows: Any, name: str, value: bool) -> QuerySet[Account]:  # noqa: FBT001 -- django-filter's call
        mine = Account.objects.own_of(cast(User, self.request.user)).values("pk")  # type: ignore[union-attr]  # set by the backend
        found: QuerySet[Account] = rows.filter(pk__in=mine) if value else rows.exclude(pk__in=mine)
        return found

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Account]:
        found: QuerySet[Account] = rows.matching(value)
        return found


class ContactOutput(Output[Contact]):
    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    also_at = serializers.SerializerMethodField()
    name = serializers.CharField()
    how_to_address = serializers.CharField()
    title = serializers.CharField()
    department = serializers.CharField()
    emails = serializers.ListField(child=serializers.EmailField())
    phones = serializers.ListField(child=serializers.CharField())
    language = serializers.ChoiceField(settings.LANGUAGES)
    preferred_channel = serializers.ChoiceField(Contact.Channel.choices)
    state = serializers.ChoiceField(Contact.State.choices)
    version = serializers.IntegerField()

    def get_also_at(self, contact: Contact) -> list[UUID]:
        return [account.pk for account in contact.also_at.all()]


class ContactInput(Input):
    name = serializers.CharField(max_length=120)
    how_to_address = serializers.CharField(max_length=80, default="", allow_blank=True)
    title = serializers.CharField(max_length=120, default="", allow_blank=True)
    department = serializers.CharField(max_length=120, default="", allow_blank=True)
    emails = serializers.ListField(
        child=serializers.EmailField(max_length=254), max_length=10, default=list
    )
    phones = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=10, default=list
    )
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    preferred_channel = serializers.ChoiceField(
        Contact.Channel.choices, default=Contact.Channel.PHONE
    )
    state = serializers.ChoiceField(Contact.State.choices, default=Contact.State.ACTIVE)
    also_at = serializers.ListField(
        child=VisibleRow(Account), max_length=50, default=list,
        help_text="Other companies of the same group.",
    )  # fmt: skip


class AddContactInput(ContactInput):
    account = VisibleRow(Account)


class ContactFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    state = filters.ChoiceFilter(choices=Contact.State.choices)
    q = filters.CharFilter(method="matching", max_length=100, help_text="Part of a name.")

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Contact]:
        found: QuerySet[Contact] = rows.matching(value)
        return found


class TouchOutput(Output[Touch]):
    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    kind = serializers.ChoiceField(Touch.Kind.choices)
    at = serializers.DateTimeField()
    direction = serializers.ChoiceField(Touch.Direction.choices)
    two_way = serializers.BooleanField()
    by = serializers.UUIDField(source="by_id")
    contacts = serializers.SerializerMethodField()
    summary = serializers.CharField()
    next_step = serializers.CharField()
    sentiment = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField()

    def get_contacts(self, touch: Touch) -> list[UUID]:
        return [contact.pk for contact in touch.contacts.all()]


class StakeTouchOutput(TouchOutput):
    """A touch with what is really going on; rows outside the caller's STAKE set come without."""

    client_said = serializers.CharField(
        required=False, help_text="Absent unless you may read what the client really thinks."
    )

    def to_representation(self, instance: Touch) -> dict[str, Any]:
        if instance.in_stake:  # type: ignore[attr-defined]  # annotated by touch_list
            return super().to_representation(instance)
        return TouchOutput(context=self.context).to_representation(instance)


class TouchInput(Input):
    account = VisibleRow(Account)
    summary = serializers.CharField(max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(Touch.Kind.choices, default=Touch.Kind.CALL)
    at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="Absent is now; a moment ahead is a plan."
    )
    direction = serializers.ChoiceField(Touch.Direction.choices, default=Touch.Direction.OUT)
    two_way = serializers.BooleanField(default=True)
    contacts = serializers.ListField(child=VisibleRow(Contact), max_length=50, default=list)
    client_said = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)
    next_step = serializers.CharField(max_length=250, default="", allow_blank=True)
    sentiment = serializers.IntegerField(min_value=-2, max_value=2, default=None, allow_null=True)


class TouchFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    contact = filters.UUIDFilter(field_name="contacts")
    kind = filters.ChoiceFilter(choices=Touch.Kind.choices)
    since = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")


class PromiseOutput(Output[Promise]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    account = serializers.UUIDField(source="account_id")
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    kind = serializers.ChoiceField(Promise.Kind.choices)
    text = serializers.CharField()
    state = serializers.ChoiceField(Promise.State.choices)
    made_by = serializers.UUIDField(source="made_by_id")
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    source = serializers.ChoiceField(Promise.Source.choices)  # type: ignore[assignment]  # a column
    renegotiations = serializers.IntegerField()
    consent = serializers.CharField()
    tries = serializers.IntegerField()
    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    version = serializers.IntegerField()


class PromiseInput(Input):
    account = VisibleRow(Account)
    kind = serializers.ChoiceField(Promise.Kind.choices)
    text = serializers.CharField(max_length=500)
    due_at = serializers.DateTimeField()
    made_by = _colleague(default=serializers.CurrentUserDefault())
    contact = VisibleRow(Contact, allow_null=True, default=None)
    source = serializers.ChoiceField(Promise.Source.choices, default=Promise.Source.CALL)  # type: ignore[assignment]  # a column


class KeepInput(Input):
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class RenegotiateInput(Input):
    due_at = serializers.DateTimeField()
    consent = serializers.CharField(
        max_length=250, default="", allow_blank=True, help_text="How the client agreed; needed."
    )


class WithdrawInput(Input):
    reason = serializers.CharField(max_length=500)


class PromiseFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    made_by = filters.UUIDFilter(field_name="made_by_id")
    state = filters.MultipleChoiceFilter(choices=Promise.State.choices)
    kind = filters.ChoiceFilter(choices=Promise.Kind.choices)
    subject = filters.UUIDFilter(field_name="subject_id")
    owed = filters.BooleanFilter(method="still_owed", help_text="Not yet done, be it broken.")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    def still_owed(self, rows: Any, name: str, value: bool) -> QuerySet[Promise]:  # noqa: FBT001 -- django-filter's call
        found: QuerySet[Promise] = rows.owed() if value else rows.settled()
        return found
