"""Complaints on the page of an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.models import Account
from complaints.models import Complaint
from complaints.permissions import works_here
from complaints.queue import lines_of
from core.models import User
from core.panels import Panel

RECENT = timedelta(days=90)
MOST_OPEN, MOST_CLOSED = 5, 5


def shown_to(user: User, account: Account) -> bool:
    return bool(works_here(user))


def context_for(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return the worst open complaints, the last closed ones and the counts of 90 days."""
    rows = Complaint.objects.visible_to(user).filter(account=account)
    worst = rows.open().select_related("lead", "account").order_by("next_due_at", "id")
    closed = rows.filter(state__in=["resolved", "closed"]).order_by("-received_at", "-id")
    lines = lines_of(list(worst[: MOST_OPEN + 1]), now)
    return {
        "account": account,
        "lines": lines[:MOST_OPEN],
        "has_more": len(lines) > MOST_OPEN,
        "closed": closed[:MOST_CLOSED],
        "numbers": rows.filter(received_at__gt=now - RECENT).aggregate(
            all=Count("pk"),
            grave=Count("pk", filter=Q(priority__in=["p1", "p2"])),
            reopened=Count("pk", filter=Q(reopen_count__gt=0)),
        ),
    }


PANEL = Panel(
    order=20, template="complaints/panel.html", shown_to=shown_to, context_for=context_for
)
