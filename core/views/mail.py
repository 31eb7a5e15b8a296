"""What waits in the outbox and why; for administrators, without what the mails say."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.models import OutgoingMail
from core.pages import Request, act, go_to, render_page
from core.paging import page_of
from core.services.mail import retry_mail as retry_mail_service

for_administrators = permission_required("core.retry_mail", raise_exception=True)


@for_administrators
@require_GET
def mail(request: Request) -> HttpResponse:
    unsent = OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).defer("body", "subject")
    context = {
        "page": page_of(request, unsent, "-id"),
        "has_failed": unsent.filter(state=OutgoingMail.State.FAILED).exists(),
    }
    return render_page(request, "core/mail.html", context, fragment="rows")


@for_administrators
@require_POST
def retry_mail(request: Request) -> HttpResponse:
    count = act(request, retry_mail_service, now=timezone.now())
    return go_to(request, "core:mail", says=_("Tried again: %(count)s.") % {"count": int(count)})
