"""What a version of a contract changes for the client, line by line in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sla.diff.lines import Change, Line, Part
from sla.diff.rows import exclusion_lines, service_lines, step_lines
from sla.diff.targets import target_lines
from sla.diff.terms import credit_lines, term_lines
from sla.models import Contract

__all__ = ["Change", "Line", "Part", "differences"]


def differences(before: Contract, after: Contract) -> list[Part]:
    """Return all parts of the two versions; a part that neither of them has is left out."""
    parts = [
        Part(_("Promises"), list(target_lines(before, after))),
        Part(_("Terms"), list(term_lines(before, after))),
        Part(_("Services in scope"), list(service_lines(before, after))),
        Part(_("What does not count"), list(exclusion_lines(before, after))),
        Part(_("What comes back"), list(credit_lines(before, after))),
        Part(_("Escalation steps"), list(step_lines(before, after))),
    ]
    return [part for part in parts if part.lines]
