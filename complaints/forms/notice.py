"""Forms of notices: written language by language, filtered, answered, followed by calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import ANY, search_field, segmented
from complaints.models import Notice, Problem, Recipient
from complaints.notice_letter import BLOCKS, Blocks
from complaints.services import TRY_OUTCOMES, NoticeDraft
from complaints.texts import client_text
from core.models import User
from core.pages import VersionedForm
from core.queries import colleagues

LONGEST_BLOCK: Final = 4_000
LANGUAGES: Final = tuple(settings.LANGUAGES)
LABELS: Final = {
    "what": _("What happened"),
    "risk": _("What it may cause"),
    "action": _("What to do now"),
    "remedy": _("What we do for you"),
    "regret": _("Our regret"),
}
ROWS: Final = {"what": 3, "risk": 2, "action": 3, "remedy": 2, "regret": 2}
WORKING: Final = ("am", "sa", "hk", "te", "fi", "ex")
PREFILLED: Final = "regret"
"""The part that stands there before anybody writes; alone it makes no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguagePart:
    """The fields of one language, as the template draws them."""

    code: str
    name: str
    fields: list[forms.BoundField]
    is_begun: bool
    has_errors: bool


def _name(block: str, language: str) -> str:
    return f"{block}_{language}"


class BlockField(forms.CharField):
    """One part of a text: needed as soon as anything is written in its language."""

    def validate(self, value: Any) -> None:
        """Leave it to the form, which knows the other parts."""


def _block(block: str, language: str) -> forms.CharField:
    attrs = {"rows": ROWS[block], "lang": language}
    return BlockField(
        label=LABELS[block],
        max_length=LONGEST_BLOCK,
        widget=forms.Textarea(attrs=attrs),
        initial=client_text("notice_regret", language) if block == PREFILLED else "",
    )


class NoticeForm(forms.Form):
    """What a notice says. Cleans to `draft` and `problem`, as the service takes them.

    so_far -- what can be read of it, complete or not, for the preview.
    """

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Kind"), choices=Notice.Kind.choices, widget=segmented())
    item = forms.CharField(
        label=_("Item or service component"),
        max_length=120,
        help_text=_("As it stands in the deliveries: all who hold it are told."),
    )
    batch = forms.CharField(
        label=_("Batch"),
        max_length=60,
        required=False,
        help_text=_("Leave it empty to tell the holders of every batch."),
    )
    deadline = forms.DateField(
        label=_("We do our part by"),
        required=False,
        help_text=_("Needed before it is approved."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact = forms.ModelChoiceField(
        label=_("Who answers questions"),
        queryset=User.objects.none(),
        help_text=_("Stands in the letter with phone and e-mail."),
    )
    is_consumer_product = forms.BooleanField(
        label=_("Consumers use it too"),
        required=False,
        help_text=_(
            "A safety notice then carries the heading “Product safety recall”, as the law wants."
        ),
    )
    identification = forms.CharField(
        label=_("How to recognise it"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Model and numbers as they are printed on it: they stand the same in every language."
        ),
    )
    partner_text = forms.CharField(
        label=_("What our supplier writes as well"),
        max_length=8_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only for us, to see that neither blames the other. It is not sent."),
    )
    problem = forms.ModelChoiceField(
        queryset=Problem.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["contact"].queryset = colleagues().filter(roles__overlap=WORKING)
        fields["problem"].queryset = Problem.objects.visible_to(user)
        for language, _label in LANGUAGES:
            for block in BLOCKS:
                fields[_name(block, language)] = _block(block, language)
        self.user = user
        known = {name: self.initial[name] for name in _BEGUN_WITH if name in self.initial}
        self.so_far: tuple[Notice, dict[str, Blocks]] = (Notice(contact=user, **known), {})

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        texts = {
            language: Blocks(**{name: told.get(_name(name, language), "") for name in BLOCKS})
            for language, _label in LANGUAGES
        }
        texts = {language: blocks for language, blocks in texts.items() if _is_begun(blocks)}
        self.so_far = (self._unsaved(told), texts)
        for language, blocks in texts.items():
            for name in blocks.missing:
                self.add_error(_name(name, language), _("None of the parts may be left out."))
        if not texts:
            raise forms.ValidationError(_("Write the notice in one language at least."))
        content = {name: value for name, value in told.items() if name in _CONTENT}
        if self.errors:
            return told
        draft = NoticeDraft(texts=texts, **content)
        kept = {"version": told["version"]} if "version" in told else {"problem": told["problem"]}
        return {"draft": draft, **kept}

    def _unsaved(self, told: Mapping[str, Any]) -> Notice:
        content = {name: told[name] for name in _CONTENT if name in told}
        return Notice(**{"contact": self.user, **content})

    @property
    def languages(self) -> list[LanguagePart]:
        return [self._part(code, name) for code, name in LANGUAGES]

    def _part(self, code: str, name: str) -> LanguagePart:
        fields = [self[_name(block, code)] for block in BLOCKS]
        written = [field.value() for field in fields if not field.name.startswith(PREFILLED)]
        return LanguagePart(
            code=code,
            name=name,
            fields=fields,
            is_begun=any(written),
            has_errors=any(field.errors for field in fields),
        )


_CONTENT: Final = (
    "kind", "item", "batch", "is_consumer_product", "identification", "deadline", "contact",
    "partner_text",
)  # fmt: skip


_BEGUN_WITH: Final = ("kind", "item", "batch")
"""What a problem knows of the notice about it."""


class EditNoticeForm(NoticeForm, VersionedForm):
    """The same of a notice that is there already."""


def _is_begun(blocks: Blocks) -> bool:
    return any(text.strip() for name, text in asdict(blocks).items() if name != PREFILLED)


def initial_of(notice: Notice, texts: Mapping[str, Blocks]) -> dict[str, Any]:
    """Return what the form shows of a notice."""
    shown: dict[str, Any] = {name: getattr(notice, name) for name in _CONTENT}
    shown |= {"version": notice.version, "contact": notice.contact_id}
    for language, blocks in texts.items():
        shown |= {_name(name, language): text for name, text in asdict(blocks).items()}
    return shown


class NoticeFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, *Notice.State.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Notice.Kind.choices])


class RecipientFilter(forms.Form):
    q = search_field(_("Name of the account or person"))
    HEARD, NO_ADDRESS = "heard", "no_address"
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            (HEARD, _("Have confirmed")),
            (NO_ADDRESS, _("No address: call")),
            *Recipient.State.choices,
        ],
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[ANY, *LANGUAGES])


class TryForm(VersionedForm):
    """How it went when we tried to reach somebody; the outcome is the button."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("of trying to reach somebody", "How we tried"),
        choices=Recipient.Channel.choices,
        initial=Recipient.Channel.PHONE,
        widget=forms.RadioSelect(attrs={"class": "pills"}),
    )
    outcome = forms.ChoiceField(
        label=_("How it went"), choices=list(TRY_OUTCOMES.items()), widget=forms.HiddenInput
    )


class StepForm(VersionedForm):
    """A step that needs no words, only the certainty that nobody changed the row meanwhile."""


class NoticeCommentForm(forms.Form):
    body = forms.CharField(
        label=_("A word to your contact"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
