"""What stands in the address of the list of calls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.call_list import LATER, ME, OTHERS, OVERDUE, TODAY, callers
from core.models import User


class CallFilter(forms.Form):
    """A value that is no choice is left out."""

    caller = forms.ChoiceField(label=_("Who calls"), required=False)
    due = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[
            ("", _("Any time")),
            (OVERDUE, _("Overdue")),
            (TODAY, _("Today")),
            (LATER, pgettext_lazy("when due", "Later")),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("", _("Everybody")), (ME, _("Me")), (OTHERS, _("Others than me"))]
        caller: Any = self.fields["caller"]
        caller.choices = [*own, *((str(each.pk), each.name) for each in callers(user))]

    def wanted(self) -> dict[str, str]:
        """Return what is asked for, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
