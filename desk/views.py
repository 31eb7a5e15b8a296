"""Pages that look at everything: my day, and the search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.forms.fields import LONGEST_SEARCH
from core.models import User
from core.pages import Request, go_to, render_page
from desk.day import Bucket, in_order
from desk.duties import Asked, Row, day_rows
from desk.search import find, place_of_number
from desk.suggestions import suggested_touches

TEAM = "team"
HEADINGS = {
    Bucket.BURNING: _("Burning"),
    Bucket.OVERDUE: _("Overdue to a client"),
    Bucket.TODAY: _("Due today"),
    Bucket.RISK: _("Risks"),
    Bucket.INTERNAL: _("Due among ourselves"),
    Bucket.AHEAD: _("The next seven days"),
}


@require_GET
def my_day(request: Request) -> HttpResponse:
    now = timezone.now()
    may_see_team = request.user.has_role(User.Role.HEAD_OF_KAM)
    is_team = may_see_team and request.GET.get("whose") == TEAM
    people = None if is_team else request.user.principals
    rows = day_rows(Asked(user=request.user, people=people, now=now))
    parts = day_parts(rows, now)
    context = {
        "parts": parts,
        "is_clear": all(part["bucket"] > Bucket.TODAY for part in parts),
        "is_team": is_team,
        "may_see_team": may_see_team,
        "suggested": partial(suggested_touches, request.user, now),
    }
    return render_page(request, "desk/my_day.html", context, fragment="day")


def day_parts(rows: Iterable[Row], now: datetime) -> list[dict[str, Any]]:
    """Return the rows in order, cut where one bucket ends and the next begins."""
    ends = day_end(now)
    ordered = in_order(rows, now, ends)
    parts = groupby(ordered, key=lambda row: row.bucket(now, ends))
    return [
        {"bucket": bucket, "heading": HEADINGS[bucket], "rows": list(part)}
        for bucket, part in parts
    ]


def day_end(now: datetime) -> datetime:
    """Return the first moment of the reader's next day."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=timezone.get_current_timezone())


@require_GET
def search(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if address := place_of_number(request.user, words):
        return go_to(request, address)
    context = {"words": words, "search_text": words, "groups": find(request.user, words)}
    return render_page(request, "desk/search.html", context, fragment="found")
