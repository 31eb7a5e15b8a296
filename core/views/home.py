"""The first page: wherever this person's work begins."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from core.nav import first_page
from core.pages import Request


@require_GET
def home(request: Request) -> HttpResponse:
    return redirect(first_page(request.user))
