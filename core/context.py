"""What the shell around every page shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache as cache_for_page
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.models import Heartbeat, Notification, User
from core.nav import navigation, quick_actions

THEMES = ("light", "dark", "auto")
TIMERS_MAY_PAUSE = timedelta(seconds=60)
LOOKED_SECONDS = 10


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template the shell's values; what costs a query is read only when drawn."""
    now = timezone.now()  # noqa: TID251 -- the edge of templates, which must not read the clock
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    common = {
        "now": now,
        "theme": theme if theme in THEMES else "auto",
        "languages": settings.LANGUAGES,
        "release": settings.RELEASE,
    }
    if not isinstance(user, User) or not user.is_authenticated:
        return common
    return common | {
        "nav": SimpleLazyObject(lambda: navigation(user, request.path)),
        "quick_actions": SimpleLazyObject(lambda: quick_actions(user)),
        # A template calls it; a lazy object would be no number to the plural forms.
        "unread_count": cache_for_page(lambda: unread_count(user)),
        "timers_stopped_at": SimpleLazyObject(lambda: timers_stopped_at(now)),
    }


def unread_count(user: User) -> int:
    return Notification.objects.visible_to(user).unread().count()


def timers_stopped_at(now: datetime) -> datetime | None:
    """Return when the timers last ran if that is too long ago; None while all is well."""
    last: datetime | None = cache.get_or_set("heartbeat:timers", _last_tick, LOOKED_SECONDS)
    return last if last is not None and now - last > TIMERS_MAY_PAUSE else None


def _last_tick() -> datetime | None:
    return Heartbeat.objects.filter(name="timers").values_list("at", flat=True).first()
