"""The state of every mailbox, and what became of each letter that it held."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import services
from complaints.forms.mail import LetterFilter
from complaints.mail_queries import box_lines, letter_lines, letters_of, not_read_yet
from complaints.models import InboundMail, Mailbox
from complaints.permissions.mail import reads_letters
from core.pages import Request, act, go_to, render_page
from core.paging import page_of

for_keepers = permission_required("complaints.retry_letter", raise_exception=True)


@for_keepers
@require_GET
def mailboxes(request: Request) -> HttpResponse:
    page = page_of(request, Mailbox.objects.visible_to(request.user), "name", "id")
    context = {"page": page, "lines": box_lines(page.rows), "not_read_yet": not_read_yet()}
    return render_page(request, "complaints/mailboxes.html", context, fragment="rows")


@for_keepers
@require_GET
def mailbox(request: Request, pk: UUID) -> HttpResponse:
    box = get_object_or_404(Mailbox.objects.visible_to(request.user), pk=pk)
    form = LetterFilter(request.GET)
    wanted = form.wanted()
    page = page_of(request, letters_of(box).filter(**wanted), "-at", "-id")
    context = {
        "form": form,
        "line": box_lines([box])[0],
        "outcomes": InboundMail.Outcome.choices,
        "page": page,
        "letters": letter_lines(request.user, page.rows),
        "reads_letters": reads_letters(request.user),
        "is_narrowed": bool(wanted),
        "reset_url": request.path if wanted else "",
    }
    return render_page(request, "complaints/mailbox.html", context, fragment="rows")


@for_keepers
@require_POST
def retry_failed(request: Request, pk: UUID) -> HttpResponse:
    box = get_object_or_404(Mailbox.objects.visible_to(request.user), pk=pk)
    act(request, services.retry_failed, mailbox=box, now=timezone.now())
    says = _("They are read once more within a minute.")
    return go_to(request, "complaints:mailbox", pk, says=says)


@for_keepers
@require_POST
def retry_letter(request: Request, pk: UUID) -> HttpResponse:
    boxes = Mailbox.objects.visible_to(request.user)
    letters = InboundMail.objects.filter(mailbox__in=boxes).select_related("mailbox")
    mail = get_object_or_404(letters, pk=pk)
    act(request, services.retry_letter, mail=mail, now=timezone.now())
    says = _("It is read once more within a minute.")
    return go_to(request, "complaints:mailbox", mail.mailbox_id, says=says)
