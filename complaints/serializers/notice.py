"""Shapes of notices, their recipients, and of what is done to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django_filters.rest_framework import FilterSet, filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import Notice, NoticeApproval, NoticeText, Problem, Recipient
from complaints.notice_letter import BLOCKS
from complaints.notice_queries import coverage
from complaints.serializers.fields import colleague
from complaints.services import TRY_OUTCOMES
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

LONGEST_BLOCK = 4_000


class NoticeTextInput(Input):
    language = serializers.ChoiceField(settings.LANGUAGES)
    what = serializers.CharField(max_length=LONGEST_BLOCK, help_text="What happened.")
    risk = serializers.CharField(max_length=LONGEST_BLOCK, help_text="What it may cause.")
    action = serializers.CharField(max_length=LONGEST_BLOCK, help_text="What to do now.")
    remedy = serializers.CharField(max_length=LONGEST_BLOCK, help_text="What we do for you.")
    regret = serializers.CharField(max_length=LONGEST_BLOCK)


class NoticeInput(Input):
    kind = serializers.ChoiceField(Notice.Kind.choices)
    item = serializers.CharField(
        max_length=120, help_text="As in the deliveries: all who hold it are told."
    )
    batch = serializers.CharField(max_length=60, default="", allow_blank=True)
    is_consumer_product = serializers.BooleanField(
        default=False, help_text="A safety notice then is a product safety recall."
    )
    identification = serializers.CharField(max_length=1_000, default="", allow_blank=True)
    deadline = serializers.DateField(
        default=None, allow_null=True, help_text="By when you do your part; needed for approval."
    )
    contact = colleague(help_text="Who answers questions; stands in the letter.")
    partner_text = serializers.CharField(
        max_length=8_000, default="", allow_blank=True, help_text="What the supplier writes."
    )
    texts = NoticeTextInput(many=True, allow_empty=False)


class DraftNoticeInput(NoticeInput):
    problem = VisibleRow(Problem, allow_null=True, default=None)


class NoticeTextOutput(Output[NoticeText]):
    language = serializers.ChoiceField(settings.LANGUAGES)
    what = serializers.CharField()
    risk = serializers.CharField()
    action = serializers.CharField()
    remedy = serializers.CharField()
    regret = serializers.CharField()


class NoticeApprovalOutput(Output[NoticeApproval]):
    role = serializers.ChoiceField(NoticeApproval.Role.choices)
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()


class CoverageOutput(Output[Any]):
    recipients = serializers.IntegerField()
    acknowledged = serializers.IntegerField()
    acted = serializers.IntegerField()
    unreachable = serializers.IntegerField()
    coverage_pct = serializers.DecimalField(5, 2, source="heard.percent", allow_null=True)
    action_pct = serializers.DecimalField(5, 2, source="done.percent", allow_null=True)


class NoticeOutput(Output[Notice]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    kind = serializers.ChoiceField(Notice.Kind.choices)
    item = serializers.CharField()
    batch = serializers.CharField()
    state = serializers.ChoiceField(Notice.State.choices)
    deadline = serializers.DateField(allow_null=True)
    contact = serializers.UUIDField(source="contact_id")
    author = serializers.UUIDField(source="author_id")
    problem = serializers.UUIDField(source="problem_id", allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class NoticeDetailOutput(NoticeOutput):
    is_consumer_product = serializers.BooleanField()
    identification = serializers.CharField()
    partner_text = serializers.CharField()
    texts = NoticeTextOutput(many=True)
    approvals = NoticeApprovalOutput(many=True)
    coverage = serializers.SerializerMethodField()

    @extend_schema_field(CoverageOutput)
    def get_coverage(self, notice: Notice) -> Any:
        return CoverageOutput(coverage(notice)).data


class FaultOutput(Output[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(source="sentence")
    language = serializers.CharField(help_text="Of the text it is about; empty for none.")
    phrases = serializers.SerializerMethodField()

    def get_phrases(self, fault: Any) -> list[str]:
        return [remark.phrase for remark in fault.remarks]


class NoticeCheckOutput(Output[Any]):
    """Who would be told, and what must be put right before."""

    recipients = serializers.IntegerField(source="exposure.recipients")
    accounts = serializers.IntegerField(source="exposure.accounts")
    end_users = serializers.IntegerField(source="exposure.end_users")
    pieces = serializers.IntegerField(source="exposure.pieces")
    to_call = serializers.IntegerField(
        source="exposure.to_call", help_text="Nobody there may be written to: they are called."
    )
    languages = serializers.DictField(child=serializers.IntegerField(), source="exposure.languages")
    missing_languages = serializers.DictField(child=serializers.IntegerField())
    faults = FaultOutput(many=True)


class TryOutput(serializers.Serializer[Any]):
    channel = serializers.ChoiceField(Recipient.Channel.choices)
    at = serializers.DateTimeField()


class RecipientOutput(Output[Recipient]):
    id = serializers.UUIDField()
    notice = serializers.UUIDField(source="notice_id")
    account = serializers.UUIDField(source="account_id", allow_null=True)
    reseller = serializers.UUIDField(source="reseller_id", allow_null=True)
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    quantity = serializers.IntegerField()
    state = serializers.ChoiceField(Recipient.State.choices)
    sent_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acted_at = serializers.DateTimeField(allow_null=True)
    phone_due_at = serializers.DateTimeField(
        allow_null=True, help_text="From when on somebody should ring, if nothing is confirmed."
    )
    tries = TryOutput(many=True)
    comment = serializers.CharField(help_text="What the recipient wrote on the page.")
    version = serializers.IntegerField()


class TryInput(Input):
    channel = serializers.ChoiceField(Recipient.Channel.choices)
    outcome = serializers.ChoiceField(
        list(TRY_OUTCOMES.items()),
        help_text="`reached` confirms; `unreachable` takes three tries by two ways before.",
    )


class NoticeFilters(FilterSet):
    state = filters.ChoiceFilter(choices=Notice.State.choices)
    kind = filters.ChoiceFilter(choices=Notice.Kind.choices)
    problem = filters.UUIDFilter(field_name="problem_id")


class RecipientFilters(FilterSet):
    state = filters.ChoiceFilter(choices=Recipient.State.choices)
    language = filters.ChoiceFilter(choices=settings.LANGUAGES)
    account = filters.UUIDFilter(field_name="account_id")
    reseller = filters.UUIDFilter(field_name="reseller_id")


def words_of(told: Any) -> dict[str, str]:
    """Return the parts of a text that a body gave, or that a stored text has."""
    return {name: told[name] if isinstance(told, dict) else getattr(told, name) for name in BLOCKS}


def language_of(told: Any) -> str:
    language: str = told["language"] if isinstance(told, dict) else told.language
    return language
