"""Shapes of mailboxes, of the letters they held, and of finding an account for a complaint."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact
from complaints.models import InboundMail, Mailbox
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class MailboxOutput(Output[Mailbox]):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="User, host and folder.")
    checked_at = serializers.DateTimeField(allow_null=True, help_text="When it was last looked at.")
    read_at = serializers.DateTimeField(
        allow_null=True, help_text="When that last went without an error."
    )
    failing_since = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()
    version = serializers.IntegerField()


class BareLetterOutput(Output[InboundMail]):
    """For administrators, who keep the mailboxes and read no complaints."""

    id = serializers.UUIDField()
    uid = serializers.IntegerField(help_text="The letter's number in the mailbox.")
    sender = serializers.CharField()
    size = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    at = serializers.DateTimeField(help_text="When it was fetched.")
    outcome = serializers.ChoiceField(InboundMail.Outcome.choices)
    why = serializers.CharField(help_text="A stable word such as `auto_reply`.")
    error = serializers.CharField()


class LetterOutput(BareLetterOutput):
    subject = serializers.CharField()
    complaint = serializers.UUIDField(source="complaint_id", allow_null=True)


class LetterFilters(FilterSet):
    outcome = filters.MultipleChoiceFilter(choices=InboundMail.Outcome.choices)


class RetryInput(Input):
    mail = serializers.UUIDField(help_text="A letter of this mailbox.")


class MoveInput(Input):
    account = VisibleRow(Account)
    contact = VisibleRow(Contact, allow_null=True, default=None)
    adds_sender = serializers.BooleanField(
        default=False, help_text="Make a contact of whoever wrote."
    )
