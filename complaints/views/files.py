"""Files of complaints."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from complaints.attached import files_of
from complaints.downloads import download_of
from complaints.views.doors import for_colleagues, seen_complaint
from core.pages import Request


@for_colleagues
@require_GET
def attachment(request: Request, pk: UUID, attachment_pk: UUID) -> FileResponse:
    files = files_of(seen_complaint(request, pk), request.user)
    return download_of(get_object_or_404(files, pk=attachment_pk))
