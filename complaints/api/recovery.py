"""How trust is won back, over REST. Programs of clients take no part in it and read none of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import services
from complaints.permissions import works_here
from complaints.serializers.recovery import (
    AnswerRemedyInput,
    ApologyInput,
    AskInput,
    DecideInput,
    FindingsInput,
    JudgeInput,
    LetStandInput,
    LetterInput,
    LowerInput,
    MakeGoodInput,
    NoteInput,
    PreventionInput,
    RemedyInput,
    SkipApologyInput,
    SummaryInput,
    WantsInput,
)
from complaints.serializers.recovery_output import RecoveryOutput, WantsOutput
from core.rest.views import actor_of, service_action, service_call


def on_case(service: Callable[..., Any]) -> Callable[..., None]:
    """Let the answer be the case as it is afterwards, not the part of it that changed."""

    @wraps(service)
    def changed(**given: Any) -> None:
        service(**given)

    return changed


class FindingActions:
    @service_action(services.lower_priority, on="complaint", takes=LowerInput)
    def lower_priority(self) -> None:
        """Lower the priority by hand, with a reason; only a head of key accounts does."""

    @service_action(
        on_case(services.record_findings), on="complaint", takes=FindingsInput, shows=RecoveryOutput
    )
    def findings(self) -> None:
        """Record cause, fault and justification; an own mistake must be told to the client."""

    @service_action(
        on_case(services.let_stand), on="complaint", takes=LetStandInput, shows=RecoveryOutput
    )
    def let_stand(self) -> None:
        """Accept that it cannot be found out; toward the client it is then ours."""

    @service_action(
        on_case(services.disclose), on="complaint", takes=LetterInput, shows=RecoveryOutput
    )
    def disclose(self) -> None:
        """Tell the client that the mistake is ours."""

    @service_action(
        on_case(services.plan_prevention),
        on="complaint",
        takes=PreventionInput,
        shows=RecoveryOutput,
    )
    def prevention(self) -> None:
        """Say what stops it from happening again, who does it and by when."""

    @service_action(
        on_case(services.tell_prevention), on="complaint", takes=LetterInput, shows=RecoveryOutput
    )
    def tell_prevention(self) -> None:
        """Tell the client what stops it from happening again."""

    @service_action(on_case(services.finish_prevention), on="complaint", shows=RecoveryOutput)
    def finish_prevention(self) -> None:
        """Record that it is done."""


class RemedyActions:
    @service_action(
        on_case(services.ask_client), on="complaint", takes=AskInput, shows=RecoveryOutput
    )
    def ask_client(self) -> None:
        """Ask what would put it right, by the standard question in the client's language."""

    @service_action(
        on_case(services.note_failed_ask), on="complaint", takes=NoteInput, shows=RecoveryOutput
    )
    def note_failed_ask(self) -> None:
        """Document an attempt to ask that failed; two are enough."""

    @service_action(
        on_case(services.record_remedy), on="complaint", takes=RemedyInput, shows=RecoveryOutput
    )
    def remedy(self) -> None:
        """Record what the client wants; it waits for a decision."""

    @service_action(
        on_case(services.judge_remedy), on="complaint", takes=JudgeInput, shows=RecoveryOutput
    )
    def judge_remedy(self) -> None:
        """Say whether we can do it and how."""

    @service_action(
        on_case(services.decide_remedy), on="complaint", takes=DecideInput, shows=RecoveryOutput
    )
    def decide_remedy(self) -> None:
        """Say yes, offer something else, or decline; above the limit `limit_exceeded`."""

    @service_action(
        on_case(services.answer_remedy),
        on="complaint",
        takes=AnswerRemedyInput,
        shows=RecoveryOutput,
    )
    def answer_remedy(self) -> None:
        """Record what the client says to our offer."""

    @service_action(on_case(services.deliver_remedy), on="complaint", shows=RecoveryOutput)
    def deliver_remedy(self) -> None:
        """Record that the client has what we said yes to."""

    @service_action(on_case(services.confirm_remedy), on="complaint", shows=RecoveryOutput)
    def confirm_remedy(self) -> None:
        """Record that the client has got it."""

    @service_action(
        on_case(services.offer_make_good), on="complaint", takes=MakeGoodInput, shows=RecoveryOutput
    )
    def make_good(self) -> None:
        """Say what the client gets: what we owe (X) and something more."""

    @service_action(on_case(services.agree_make_good), on="complaint", shows=RecoveryOutput)
    def agree_make_good(self) -> None:
        """Agree to the make-good that a colleague proposes."""

    @service_action(on_case(services.deliver_make_good), on="complaint", shows=RecoveryOutput)
    def deliver_make_good(self) -> None:
        """Record that the client has it."""


class RecoveryActions(FindingActions, RemedyActions):
    @action(detail=True, serializer_class=RecoveryOutput)
    def recovery(self: Any, request: Request, **kwargs: Any) -> Response:
        """Tell what was found out, said, asked and given, and what is still missing."""
        return _shown(self, RecoveryOutput)

    @action(detail=True, serializer_class=WantsOutput)
    def wants(self: Any, request: Request, **kwargs: Any) -> Response:
        """Tell the eight wants: which we owe, and which are given."""
        return _shown(self, WantsOutput)

    @wants.mapping.post
    @service_call(services.set_wants, on="complaint", takes=WantsInput, shows=WantsOutput)
    def set_wants(self) -> None:
        """Judge some of the eight wants; those that are not named stay as they are."""

    @service_action(services.confirm_understanding, on="complaint", takes=SummaryInput)
    def confirm_understanding(self) -> None:
        """Record that the client agrees with how we put it."""

    @service_action(
        on_case(services.apologise), on="complaint", takes=ApologyInput, shows=RecoveryOutput
    )
    def apology(self) -> None:
        """Say that we are sorry; regret is no admission."""

    @service_action(
        services.skip_apology, on="complaint", takes=SkipApologyInput, shows=RecoveryOutput
    )
    def skip_apology(self) -> None:
        """Note why nobody apologises."""


def _shown(view: Any, output: Any) -> Response:
    """Show it to colleagues only: whoever works here reads more than a client may know."""
    complaint = view.get_object()
    if not works_here(actor_of(view.request)):
        raise PermissionDenied
    shown: Response = view.show(complaint, output)
    return shown
