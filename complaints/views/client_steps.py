"""What a client can do on his own page: each step is a form of it, and one service behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from complaints.forms.client import (
    ClientForm,
    FixedForm,
    HeardForm,
    NotFixedForm,
    OfferForm,
    RateForm,
    RemedyReceivedForm,
    SendFileForm,
    WishForm,
    WriteForm,
)
from complaints.models import ClientLink
from complaints.services.asking import record_remedy
from complaints.services.client import (
    PAGE,
    confirm_fixed,
    confirm_heard,
    deny_fixed,
    rate,
)
from complaints.services.conversation import attach_file, comment
from complaints.services.remedy import answer_remedy, confirm_remedy
from core.errors import Sentence

Given = Callable[[ClientLink], dict[str, Any]]


def nothing(link: ClientLink) -> dict[str, Any]:
    return {}


def by_page(link: ClientLink) -> dict[str, Any]:
    return {"channel": PAGE}


def his_name(link: ClientLink) -> dict[str, Any]:
    return {"contact": link.contact}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """given -- what the service must know besides what the client typed."""

    form: type[ClientForm]
    service: Callable[..., Any]
    label: Sentence
    submit: Sentence
    done: Sentence
    icon: str
    given: Given = nothing

    @property
    def verb(self) -> str:
        return self.form.verb


STEPS: Final = {
    step.verb: step
    for step in (
        Step(
            form=WriteForm,
            service=comment,
            label=_("Write to us"),
            submit=_("Send"),
            done=_("Thank you. We have your words and read them."),
            icon="message-circle",
            given=by_page,
        ),
        Step(
            form=SendFileForm,
            service=attach_file,
            label=_("Send a file"),
            submit=_("Send the file"),
            done=_("Thank you. We have your file."),
            icon="paperclip",
            given=by_page,
        ),
        Step(
            form=WishForm,
            service=record_remedy,
            label=_("Your answer"),
            submit=_("Send my answer"),
            done=_("Thank you for telling us. We answer you."),
            icon="heart-handshake",
        ),
        Step(
            form=OfferForm,
            service=answer_remedy,
            label=_("What do you say?"),
            submit=_("I agree"),
            done=_("Thank you for your answer."),
            icon="heart-handshake",
        ),
        Step(
            form=RemedyReceivedForm,
            service=confirm_remedy,
            label=_("Has it reached you?"),
            submit=_("Yes, I have it"),
            done=_("Thank you for telling us."),
            icon="package",
        ),
        Step(
            form=HeardForm,
            service=confirm_heard,
            label=_("Have we understood you?"),
            submit=_("Yes, you understood me"),
            done=_("Thank you for telling us."),
            icon="check",
        ),
        Step(
            form=FixedForm,
            service=confirm_fixed,
            label=_("Yes, it is put right"),
            submit=_("Yes, it is put right"),
            done=_("Thank you for telling us."),
            icon="thumb-up",
            given=his_name,
        ),
        Step(
            form=NotFixedForm,
            service=deny_fixed,
            label=_("No, something is still wrong"),
            submit=_("Tell us, so that we go on"),
            done=_("Thank you for telling us. We take it up again at once."),
            icon="thumb-down",
            given=his_name,
        ),
        Step(
            form=RateForm,
            service=rate,
            label=_("How well did we put it right?"),
            submit=_("Send my rating"),
            done=_("Thank you. Your rating helps us to do better."),
            icon="star",
        ),
    )
}
"""By verb; each is also a field of ClientMay."""
