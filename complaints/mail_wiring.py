"""What incoming mail offers when the server starts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.mail.fetching import HEARTBEAT, TOLD_AFTER, fetch_due
from complaints.mail.returned import came_back
from complaints.models import InboundMail, Mailbox
from complaints.permissions.mail import keeps_mailboxes
from core.announcements import Hearers, announce
from core.health import DEGRADED, OK, Check, add_check
from core.mail import when_returned
from core.metrics import add_gauge
from core.models import AuditEntry, Heartbeat, User
from core.nav import Place, add_place
from core.places import place
from core.ticks import Tick, repeat

SECONDS: Final = 60
MAY_BE_OLD: Final = timedelta(seconds=3 * SECONDS)


def _administrators(entries: list[AuditEntry]) -> Hearers:
    everybody = set(User.objects.in_role(User.Role.ADMINISTRATOR).values_list("pk", flat=True))
    return {entry.id: everybody for entry in entries}


def check_mailboxes(now: datetime) -> Check:
    """Return how reading the mailboxes is going; without any there is nothing to go wrong."""
    if not settings.MAILBOXES:
        return Check(OK, "none")
    last = Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()
    if last is None or now - last > MAY_BE_OLD:
        return Check(DEGRADED, "not read" if last else "never read")
    failing = _failing().filter(failing_since__lte=now - TOLD_AFTER).count()
    return Check(DEGRADED, f"{failing} failing") if failing else Check(OK)


def _failing() -> QuerySet[Mailbox]:
    names = [source["name"] for source in settings.MAILBOXES]
    return Mailbox.objects.filter(name__in=names, failing_since__isnull=False)


def _count_failing() -> int:
    return _failing().count()


def _unread() -> int:
    return InboundMail.objects.filter(outcome=InboundMail.Outcome.FETCHED).count()


def _broken() -> int:
    return InboundMail.objects.filter(outcome=InboundMail.Outcome.FAILED).count()


def speak() -> None:
    announce("complaints.lose_mailbox", _administrators, always_by_mail=lambda entry: True)
    announce("complaints.regain_mailbox", _administrators)
    when_returned(came_back)
    repeat(Tick(SECONDS, "letters read", fetch_due))
    add_check("mailboxes", check_mailboxes)
    add_gauge("kamerton_mailboxes_failing", "Mailboxes that cannot be read.", _count_failing)
    add_gauge("kamerton_letters_waiting", "Letters noted and not read yet.", _unread)
    add_gauge("kamerton_letters_failed", "Letters that could not be read.", _broken)
    add_place(
        Place(
            order=94,
            label=_("Incoming mail"),
            url_name="complaints:mailboxes",
            icon="mail",
            shown_to=keeps_mailboxes,
        )
    )
    place(Mailbox, "complaints:mailbox")
