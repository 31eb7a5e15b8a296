"""How complaints are told to the people who work on them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.priority import MATRIX
from core.wording import moment_text

CLOCK_TIME = "HH:mm"
WEEKDAY = "EEE d MMM, HH:mm"


def by_when(at: datetime, now: datetime) -> str:
    """Return "today 14:00", "tomorrow 11:00" or "Wed 4 Mar, 18:00" on the reader's wall clock."""
    days = timezone.localtime(at).date() - timezone.localtime(now).date()
    if days == timedelta():
        return _("today %(time)s") % {"time": moment_text(at, CLOCK_TIME)}
    if days == timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": moment_text(at, CLOCK_TIME)}
    return moment_text(at, WEEKDAY)


def why_priority(complaint: Complaint) -> str:
    """Say what makes the priority: the matrix, and what raised it."""
    if complaint.safety:
        return _("Somebody could get hurt: always P1.")
    by_matrix = MATRIX[complaint.impact][complaint.urgency - 1]
    facts = {
        "impact": complaint.impact,
        "urgency": complaint.urgency,
        "priority": by_matrix.upper(),
    }
    told = _("Impact %(impact)s and urgency %(urgency)s make %(priority)s.") % facts
    if complaint.priority == by_matrix:
        return told
    raised = _("Raised one step: the same cause has hurt this client within 90 days.")
    return f"{told} {raised}"
