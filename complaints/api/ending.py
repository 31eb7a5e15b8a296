"""Ending complaints without putting anything right, over REST."""

from __future__ import annotations

from complaints import services
from complaints.serializers.ending import ConvertInput, MergeInput, WithdrawComplaintInput
from core.rest.views import service_action


class EndingActions:
    @service_action(services.merge, on="complaint", takes=MergeInput)
    def merge(self) -> None:
        """Make it part of another complaint of the account about the same event."""

    @service_action(services.withdraw, on="complaint", takes=WithdrawComplaintInput)
    def withdraw(self) -> None:
        """Record that the client takes it back; a follow-up call is promised all the same."""

    @service_action(services.convert, on="complaint", takes=ConvertInput)
    def convert(self) -> None:
        """Turn a new complaint that is none into a request: a task with a date."""
