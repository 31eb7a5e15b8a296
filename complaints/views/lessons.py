"""The library: what the house has learned, and how it put things right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import services
from complaints.forms.lessons import LESSONS, STORIES, LessonFilter
from complaints.lessons import lesson_list, lessons_of, story_list
from complaints.models import Complaint, Story
from complaints.views.doors import for_colleagues
from core.pages import Request, act, go_to, render_page
from core.paging import page_of


@for_colleagues
@require_GET
def lessons(request: Request) -> HttpResponse:
    form = LessonFilter(request.GET)
    wanted = form.wanted()
    kind = wanted.get("kind", LESSONS)
    narrowed = {name: value for name, value in wanted.items() if name != "kind"}
    context = {
        "form": form,
        "kind": kind,
        "tabs": tabs(request),
        "chips": [
            _chip(LESSONS, _("Lessons"), kind, narrowed),
            _chip(STORIES, _("Stories"), kind, narrowed),
        ],
        "reset_url": f"{request.path}?{urlencode({'kind': kind})}" if narrowed else "",
        **(_stories(request, wanted) if kind == STORIES else _lessons(request, wanted)),
    }
    return render_page(request, "complaints/lessons.html", context, fragment="rows")


@for_colleagues
@require_GET
def story(request: Request, pk: UUID) -> HttpResponse:
    rows = Story.objects.visible_to(request.user).select_related("complaint__account", "author")
    row = get_object_or_404(rows, pk=pk)
    may_open = Complaint.objects.visible_to(request.user).filter(pk=row.complaint_id).exists()
    context = {
        "story": row,
        "may_open": may_open,
        "may_tell": may_open and request.user.has_perm("complaints.tell_story", row.complaint),
        "may_archive": row.archived_at is None
        and request.user.has_perm("complaints.archive_story", row),
    }
    return render_page(request, "complaints/story.html", context, fragment="story")


@for_colleagues
@require_POST
def archive_story(request: Request, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Story.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("complaints.archive_story", row):
        raise PermissionDenied
    act(request, services.archive_story, story=row, now=timezone.now())
    return go_to(request, "complaints:story", pk, says=_("Taken out of the library."))


def tabs(request: Request) -> list[dict[str, Any]]:
    """Return the tabs of all that is about learning."""
    places = (
        ("complaints:lessons", _("Lessons and stories")),
        ("complaints:reviews", _("Reviews when calm")),
        ("complaints:problems", _("Problems")),
    )
    urls = [(reverse(name), label) for name, label in places]
    return [{"label": label, "url": url, "is_active": request.path == url} for url, label in urls]


def _lessons(request: Request, wanted: dict[str, str]) -> dict[str, Any]:
    page = page_of(request, lesson_list(request.user, wanted), "-done_at", "-id")
    return {"page": page, "lessons": lessons_of(page.rows, request.user)}


def _stories(request: Request, wanted: dict[str, str]) -> dict[str, Any]:
    return {"page": page_of(request, story_list(request.user, wanted), "-told_at", "-id")}


def _chip(kind: str, label: str, chosen: str, narrowed: dict[str, str]) -> dict[str, Any]:
    query = urlencode(narrowed | {"kind": kind})
    return {"label": label, "url": f"?{query}", "is_chosen": kind == chosen}
