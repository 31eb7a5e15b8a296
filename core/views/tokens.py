"""A person's keys to REST. A key is shown once, in the answer to its making."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import Request, act, go_to, render_page, submit
from core.queries import tokens_of
from core.services import token as tokens
from core.user_forms import TokenForm


@require_http_methods(["GET", "POST"])
def create_token(request: Request) -> HttpResponse:
    form = TokenForm(request.POST or None)
    made = submit(request, form, tokens.create_token, user=request.user, now=timezone.now())
    if made is True:
        return go_to(request, "core:profile", says=_("This token was made a moment ago."))
    token, key = made or (None, "")
    context = {"form": form, "token": token, "key": key}
    return render_page(request, "core/create_token.html", context, fragment="form")


@require_POST
def revoke_token(request: Request, pk: UUID) -> HttpResponse:
    token = get_object_or_404(tokens_of(request.user), public_id=pk)
    act(request, tokens.revoke_token, token=token, now=timezone.now())
    return go_to(request, "core:profile", says=_("Revoked."))
