"""Words that no client may ever read, planted in every internal field, and the search for them."""

from decimal import Decimal

from babel.numbers import format_decimal
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

SHOWN = {
    "Complaint": {
        "no", "title", "client_words", "language", "order_ref", "item", "batch", "scope",
        "client_name", "client_email", "resolution", "search_text",
    },
    "Message": {"body"},
    "Attachment": {"name", "content_type", "sha256"},
    "ClientLink": {"token_hash", "last_wish"},
    "Apology": {"text"},
    "Remedy": {
        "client_text", "decision_reason", "counter_text", "client_answer", "original_currency",
    },
    "Notice": {"no", "item", "batch", "identification"},
    "NoticeText": {"what", "risk", "action", "remedy", "regret"},
    "Recipient": {"language", "token_hash", "email", "comment"},
    "Problem": {"no", "item", "batch"},
    "InboundMail": {"header_id", "sender", "subject", "digest"},
    "Mailbox": {"name"},
    "ComplaintImport": {"name"},
}  # fmt: skip
"""Fields of complaints that are written for the client, told to him or his own, and digests.

Some are so only in part: the body of a note, the name of a file of ours and what we noted of a
call are planted by the story itself.
"""


class Garden:
    """Planted words and amounts, each with what it stands for."""

    def __init__(self):
        self.words = {}
        self.amounts = {}

    def word(self, what):
        """Return the word that stands for it, the same each time."""
        if what not in self.words:
            number = len(self.words)
            letters = (number // 676, number // 26 % 26, number % 26)
            self.words[what] = f"zq{''.join(chr(97 + each) for each in letters)}jx"
        return self.words[what]

    def amount(self, what, digits=8, places=2):
        """Return the amount that stands for it; no other amount looks alike."""
        if what not in self.amounts:
            whole = 9 * 10 ** (digits - places - 1) + 17 * (len(self.amounts) + 1)
            self.amounts[what] = (whole + Decimal("0.37")).quantize(Decimal(10) ** -places)
        return self.amounts[what]

    def found_in(self, text):
        """Return what was given away by the text."""
        folded = text.lower().replace("\u00a0", " ").replace("\u202f", " ")
        words = [what for what, word in self.words.items() if word in folded]
        sums = [what for what, sum_ in self.amounts.items() if _tells(folded, sum_)]
        return [*words, *sums]


def _tells(text, amount):
    spoken = [format_decimal(amount, locale=each) for each in ("en", "ru", "uk", "bg")]
    spellings = {str(amount), *(each.replace("\u00a0", " ") for each in spoken)}
    return any(each.replace("\u202f", " ") in text for each in spellings)


def internal_fields():
    """Yield (model, field) of everything in complaints that can hold words or amounts of ours."""
    for model in apps.get_app_config("complaints").get_models():
        for field in model._meta.concrete_fields:
            if _can_hold(field) and field.name not in SHOWN.get(model.__name__, ()):
                yield model, field


def _can_hold(field):
    holder = field.base_field if isinstance(field, ArrayField) else field
    kinds = (models.CharField, models.TextField, models.DecimalField, models.JSONField)
    return isinstance(holder, kinds) and not holder.choices


def fill(garden):
    """Plant in every row what the story left empty; what is stored already stays."""
    for model, field in internal_fields():
        for number, row in enumerate(model.objects.order_by("pk")):
            if not getattr(row, field.attname):
                what = f"{model.__name__}.{field.name} {number}"
                model.objects.filter(pk=row.pk).update(**{field.name: _seed(field, what, garden)})


def _seed(field, what, garden):
    if isinstance(field, models.DecimalField):
        return garden.amount(what, field.max_digits, field.decimal_places)
    if isinstance(field, ArrayField):
        return [garden.word(what)]
    if isinstance(field, models.JSONField):
        return [{"says": garden.word(what), "channel": "phone", "at": "2026-03-02T10:00:00Z"}]
    return garden.word(what)


def unplanted(garden):
    """Return the internal fields in which no row holds a planted word."""
    bare = []
    for model, field in internal_fields():
        held = model.objects.values_list(field.attname, flat=True)
        if not any(garden.found_in(_text(value)) for value in held):
            bare.append(f"{model.__name__}.{field.name}")
    return bare


def _text(value):
    return str(value) if isinstance(value, Decimal) else repr(value)
