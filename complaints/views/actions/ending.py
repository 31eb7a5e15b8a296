"""What ends a complaint without putting anything right."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.forms.ending import ConvertForm, MergeForm, WithdrawForm
from complaints.views.actions.action import Action

ENDING: Final = (
    Action(
        form=MergeForm,
        service=services.merge,
        label=_("Merge"),
        submit=_("Make it part of that complaint"),
        done=_("Merged: the other complaint shows both conversations."),
        icon="git-merge",
    ),
    Action(
        form=WithdrawForm,
        service=services.withdraw,
        label=_("The client takes it back"),
        submit=_("Record that it is taken back"),
        done=_("Recorded. We call all the same."),
        icon="arrow-back-up",
    ),
    Action(
        form=ConvertForm,
        service=services.convert,
        label=_("It is a request"),
        submit=_("Turn it into a request"),
        done=_("Turned into a request with a date."),
        icon="arrows-exchange",
    ),
)
