"""Which letters belong to which complaint: secret reply addresses and Message-IDs."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from complaints.models import Complaint, InboundMail, Message
from core.mail import id_domain
from core.models import OutgoingMail

PURPOSE: Final = "complaints.reply_address"
SECRET_LENGTH: Final = 16
"""Characters of 80 bits in base 32: an address has no room for more, and is tried only by mail."""
TAG: Final = re.compile(rf"(cmp-\d{{4}}-\d{{5,8}})-([a-z2-7]{{{SECRET_LENGTH}}})")
NUMBER: Final = re.compile(r"\bCMP-\d{4}-\d{5,8}\b", re.IGNORECASE)
MOST_REFERENCES: Final = 6


def head_for(complaint: Complaint, answers: str = "") -> dict[str, str]:
    """Return the lines by which the client's program shows the letter in its conversation.

    answers -- Message-ID of the client's letter, if it is not the last one that we have noted.
    """
    head = {"Reply-To": reply_address(complaint)} if settings.EMAIL_REPLY_TO else {}
    theirs = [*_their_ids(complaint), *([answers] if answers else [])]
    if theirs:
        head["In-Reply-To"] = theirs[-1]
    if known := [*_our_ids(complaint), *theirs]:
        head["References"] = " ".join(known)
    return head


def _their_ids(complaint: Complaint) -> list[str]:
    taken = InboundMail.objects.filter(complaint=complaint, outcome__in=["new", "matched"])
    newest = taken.exclude(header_id="").order_by("-received_at", "-id")
    return [*reversed(newest.values_list("header_id", flat=True)[:MOST_REFERENCES])]


def _our_ids(complaint: Complaint) -> list[str]:
    sent = Message.objects.filter(complaint=complaint, mail_id__isnull=False)
    newest = sent.order_by("-at", "-id").values_list("mail_id", flat=True)[:MOST_REFERENCES]
    return [f"<{mail_id}@{id_domain()}>" for mail_id in reversed(newest)]


def reply_address(complaint: Complaint) -> str:
    """Return the secret address to which answers go; who knows it was written to by us."""
    box, _at, domain = settings.EMAIL_REPLY_TO.partition("@")
    return f"{box}+{complaint.no.lower()}-{_secret(complaint, settings.SECRET_KEY)}@{domain}"


def _secret(complaint: Complaint, key: str) -> str:
    digest = salted_hmac(PURPOSE, str(complaint.pk), secret=key, algorithm="sha256").digest()
    return b32encode(digest).decode().lower()[:SECRET_LENGTH]


def addressed_to(recipients: Iterable[str]) -> Complaint | None:
    """Return the complaint whose secret address is among the recipients."""
    for address in recipients:
        if found := TAG.fullmatch(address.partition("@")[0].partition("+")[2]):
            complaint = Complaint.objects.filter(no=found[1].upper()).first()
            if complaint is not None and _is_secret(complaint, found[2]):
                return complaint
    return None


def _is_secret(complaint: Complaint, told: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(_secret(complaint, str(key)), told) for key in keys)


def answered_by(mail_ids: Iterable[UUID]) -> Complaint | None:
    """Return the complaint about which we wrote the newest of these letters."""
    wanted = list(mail_ids)
    message = Message.objects.filter(mail_id__in=wanted).select_related("complaint")
    if newest := message.order_by("-at", "-id").first():
        return newest.complaint
    written = OutgoingMail.objects.filter(pk__in=wanted, subject_id__isnull=False)
    subject = written.order_by("-id").values_list("subject_id", flat=True).first()
    return Complaint.objects.filter(pk=subject).first() if subject else None


def named_in(text: str) -> Complaint | None:
    """Return the complaint whose number stands there first; anybody may write a number."""
    found = NUMBER.search(text)
    return Complaint.objects.filter(no=found[0].upper()).first() if found else None
