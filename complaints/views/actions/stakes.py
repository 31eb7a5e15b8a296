"""Noting how a client presses us."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.forms.stakes import TacticsForm
from complaints.views.actions.action import Action

STAKES: Final = (
    Action(
        form=TacticsForm,
        service=services.name_tactics,
        label=_("Pressure tactics"),
        submit=_("Note the tactics"),
        done=_("Noted. The plays are in the task list."),
        icon="scale",
    ),
)
