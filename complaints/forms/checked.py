"""Forms whose text goes to a client: it is checked while it is written, and when it is sent."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.checking import SPOKEN, CheckedText, ReplyCheckStop, told_of_reply
from complaints.models import Complaint
from complaints.permissions import may_override
from core.models import User

LONGEST_REASON = 500


class HasComplaint(Protocol):
    @property
    def complaint(self) -> Complaint: ...

    @property
    def user(self) -> User: ...


class CheckedTextarea(forms.Textarea):
    """A box with a place below it for what the reply check says.

    also -- names of other fields that the check looks at.
    """

    template_name = "complaints/_checked_text.html"

    def __init__(self, attrs: dict[str, Any], *, check_url: str, also: tuple[str, ...]) -> None:
        super().__init__(attrs)
        self.check_url, self.also = check_url, also
        self.checked: CheckedText | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        about = {
            "check_url": self.check_url,
            "check_sends": ",".join((name, *self.also)),
            "checked": self.checked,
        }
        return context | about


class CheckedForm(forms.Form):
    """A form with a text for the client, to be put before the form of the action.

    letter -- the field with the text; resolves -- it tells the client how it was put right.
    check_looks_at -- other fields that decide whether the client will read it.
    """

    verb: ClassVar[str]
    letter: ClassVar[str]
    resolves: ClassVar[bool] = False
    check_looks_at: ClassVar[tuple[str, ...]] = ("channel",)

    override_reason = forms.CharField(
        label=_("Send it all the same, because"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.HiddenInput,
        help_text=_("The head of key accounts reads the reason. Better: rewrite what is marked."),
    )

    def __init__(self, *args: Any, case: HasComplaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"case": case})
        self.complaint = case.complaint
        self._may_override = may_override(case.user, case.complaint)
        check_url = reverse(
            "complaints:check_reply", args=[self.complaint.pk], query={"verb": self.verb}
        )
        self._box = CheckedTextarea(
            self.fields[self.letter].widget.attrs, check_url=check_url, also=self.check_looks_at
        )
        self.fields[self.letter].widget = self._box
        if self._typed("override_reason"):
            self._ask_for_reason()

    def goes_to_client(self) -> bool:
        """Say whether the client will read the text; a note of what was said aloud he will not."""
        return self._typed("channel") not in SPOKEN

    def told(self) -> CheckedText | None:
        """Return what the check says of the text as it was sent; None if it says nothing."""
        text = self._typed(self.letter)
        if not text.strip() or not self.goes_to_client():
            return None
        return told_of_reply(self.complaint, text, resolves=self.resolves)

    def show_check(self) -> None:
        """Let the form show what the check says."""
        self._box.checked = self._box.checked or self.told()

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        self.show_check()
        if getattr(error, "code", "") == ReplyCheckStop.code:
            self._ask_for_reason()

    def _ask_for_reason(self) -> None:
        if not self._may_override:
            return
        asked = self.fields.pop("override_reason")
        asked.widget = forms.TextInput(attrs={"maxlength": LONGEST_REASON})
        self.fields["override_reason"] = asked

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")) if self.is_bound else ""
