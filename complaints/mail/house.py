"""What our own settings say of letters."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from complaints.mail.headers import usable_address
from complaints.mail.judge import House
from core.mail import house_mark, id_domain


def our_house() -> House:
    """Return how our own letters are recognised."""
    boxes = [source["user"] for source in settings.MAILBOXES]
    written = [parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.EMAIL_REPLY_TO, *boxes]
    addresses = frozenset(filter(None, map(usable_address, written)))
    return House(addresses=addresses, domain=id_domain(), mark=house_mark())
