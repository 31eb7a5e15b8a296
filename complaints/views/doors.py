"""Who comes in, and to which complaint: an invisible one is 404, a forbidden page 403."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from complaints.models import Complaint
from complaints.permissions import works_here
from complaints.queries import complaint_detail
from core.pages import Request


def _works_here(user: Any) -> bool:
    if not works_here(user):
        raise PermissionDenied
    return True


for_colleagues = user_passes_test(_works_here)
"""Keeps out who works with no complaints at all, such as administrators."""


def seen_complaint(request: Request, pk: UUID) -> Complaint:
    return get_object_or_404(complaint_detail(request.user), pk=pk)
