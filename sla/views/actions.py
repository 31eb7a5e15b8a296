"""What can be done to a contract: each action is a question on the page, or a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.views.common import found, shows_form
from core.errors import Sentence
from core.models import User
from core.pages import Request, go_to, render_page, submit
from sla import services
from sla.forms import (
    ApproveForm,
    NegotiateForm,
    PlainForm,
    RecordSignatureForm,
    SignForm,
    TerminateForm,
    WithdrawForm,
)
from sla.models import Contract
from sla.queries import contract_detail, local_day
from sla.transitions import allowed_now

View = Callable[[Request, UUID], HttpResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """verb -- permission, audit verb, URL name and REST action in one, without the app.

    explains -- what will follow from it, in a sentence.
    leads_to -- the page one comes to afterwards, of the contract that the service returns.
    """

    verb: str
    service: Callable[..., Any]
    form: type[forms.Form] = PlainForm
    label: Sentence
    explains: Sentence
    done: Sentence
    icon: str
    tone: str = ""
    leads_to: str = "sla:detail"

    @property
    def view(self) -> View:
        return _view_of(self)


def _view_of(action: Action) -> View:
    @shows_form
    def view(request: Request, pk: UUID) -> HttpResponse:
        contract = found(request.user, contract_detail(request.user), pk, f"sla.{action.verb}")
        now = timezone.now()
        form = action.form(request.POST or None, initial=_initial(request, contract, now))
        if result := submit(request, form, action.service, contract=contract, now=now):
            return go_to(request, action.leads_to, result.pk, says=action.done)
        context = {
            "form": form,
            "title": action.label,
            "subtitle": action.explains,
            "submit": action.label,
            "tone": action.tone,
            "contract": contract,
            "cancel_url": resolve_url("sla:detail", pk),
        }
        return render_page(request, "sla/action.html", context, fragment="form")

    return view


def _initial(request: Request, contract: Contract, now: datetime) -> dict[str, Any]:
    return {
        "version": contract.version,
        "signed_on": local_day(contract.account, now),
        "kind": request.GET.get("kind", ""),
    }


ACTIONS: Final = {
    action.verb: action
    for action in (
        Action(
            verb="approve",
            service=services.approve_contract,
            form=ApproveForm,
            label=_("Approve"),
            explains=_("You say yes to what goes beyond the house standard in this draft."),
            done=_("Approved."),
            icon="check",
        ),
        Action(
            verb="propose",
            service=services.propose_contract,
            label=_("Send to the client"),
            explains=_(
                "From now on these terms cannot be changed any more; "
                "what the client wants otherwise becomes a new version."
            ),
            done=_("Proposed."),
            icon="send",
        ),
        Action(
            verb="agree",
            service=services.agree_contract,
            label=_("The client agrees"),
            explains=_("Both sides sign then; with both signatures it comes into force."),
            done=_("Agreed. Now both sides sign."),
            icon="check",
        ),
        Action(
            verb="negotiate",
            service=services.negotiate_contract,
            form=NegotiateForm,
            label=_("The client wants changes"),
            explains=_("Write down what the client wants. The terms change in a new version."),
            done=_("Noted."),
            icon="messages",
        ),
        Action(
            verb="revise",
            service=services.revise_contract,
            label=_("New version"),
            explains=_(
                "You get a draft with the same terms to change. "
                "This version stands until the new one is sent."
            ),
            done=_("Here is the new version. Change what was talked about."),
            icon="pencil",
            leads_to="sla:edit",
        ),
        Action(
            verb="sign",
            service=services.sign_contract,
            form=SignForm,
            label=_("Sign for us"),
            explains=_("With both signatures it comes into force on its first day."),
            done=_("Signed."),
            icon="file-certificate",
        ),
        Action(
            verb="record_signature",
            service=services.record_signature,
            form=RecordSignatureForm,
            label=_("The client signed"),
            explains=_("With both signatures it comes into force on its first day."),
            done=_("The client’s signature is recorded."),
            icon="file-certificate",
        ),
        Action(
            verb="renew",
            service=services.renew_contract,
            label=_("Renew"),
            explains=_(
                "You get a draft with the same terms for as long again, "
                "beginning on the day after the last one."
            ),
            done=_("Here is the draft for the time that follows."),
            icon="refresh",
        ),
        Action(
            verb="terminate",
            service=services.terminate_contract,
            form=TerminateForm,
            label=_("End the contract"),
            explains=_(
                "New complaints get the house standard from now on. "
                "Deadlines that already run stay as promised."
            ),
            done=_("The contract has ended."),
            icon="ban",
            tone="danger",
        ),
        Action(
            verb="withdraw",
            service=services.withdraw_contract,
            form=WithdrawForm,
            label=_("Withdraw"),
            explains=_("It cannot be taken up again; the history keeps it."),
            done=_("Withdrawn."),
            icon="arrow-back-up",
            tone="danger",
        ),
    )
}
FORWARD: Final = ("propose", "agree", "sign", "record_signature", "renew")
"""What brings a contract on its way; the first one that is possible stands out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as the contract's page shows it."""

    action: Action
    url: str
    is_next: bool


def offers(contract: Contract, user: User, *, ready: bool) -> list[Offer]:
    """Return what this person may do to the contract now, the next step first.

    ready -- nothing is missing that a draft needs before it is sent.
    """
    legal = set(allowed_now(contract)) - {"approve"} - (set() if ready else {"propose"})
    possible = [
        verb for verb in ACTIONS if verb in legal and user.has_perm(f"sla.{verb}", contract)
    ]
    first = next((verb for verb in possible if verb in FORWARD), "")
    return [
        Offer(ACTIONS[verb], resolve_url(f"sla:{verb}", contract.pk), is_next=verb == first)
        for verb in possible
    ]


def may_edit(contract: Contract, user: User) -> bool:
    return "edit" in allowed_now(contract) and user.has_perm("sla.edit", contract)
