"""How staff sign in: allauth's pages with our rules."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils import timezone

from core.models import OutgoingMail, User
from core.services.user import change_password


class StaffOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; passwords change by our service; mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        now = timezone.now()  # noqa: TID251 -- called by allauth's views, an edge
        change_password(actor=user, user=user, password=password, now=now)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = allauth_context.request
        site = get_current_site(request)
        values = {"request": request, "email": email, "current_site": site, **context}
        message = self.render_mail(template_prefix, email, values)
        OutgoingMail.objects.create(to=email, subject=message.subject[:250], body=message.body)
