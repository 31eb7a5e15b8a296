"""The bell: what a person should know of, newest first."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.models import Notification
from core.pages import Request, go_to, render_page
from core.paging import page_of
from core.places import place_of
from core.queries import bell_lines


@require_GET
def index(request: Request) -> HttpResponse:
    own = Notification.objects.visible_to(request.user).select_related("entry__actor")
    page = page_of(request, own, "-id")
    context = {"page": page, "lines": bell_lines(page.rows)}
    return render_page(request, "notifications/index.html", context, fragment="rows")


@require_GET
def bell(request: Request) -> HttpResponse:
    """Answer the bell's polling with the number alone."""
    return render(request, "components/_bell_count.html")


@require_POST
def read(request: Request, pk: UUID) -> HttpResponse:
    """Open what the notification is about; it counts as read from then on."""
    own = Notification.objects.visible_to(request.user).select_related("entry")
    notification = get_object_or_404(own, pk=pk)
    notices.mark_read(actor=request.user, notification=notification, now=timezone.now())
    return go_to(request, place_of(notification.entry))


@require_POST
def read_all(request: Request) -> HttpResponse:
    notices.mark_all_read(actor=request.user, now=timezone.now())
    return go_to(request, "notifications:index", says=_("Everything is marked as read."))
