"""Secret links for clients: made while a letter is written, found again by their digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlsafe_base64_encode

from complaints.models import ClientLink, Complaint
from complaints.models.client_link import LASTS, ClientLinkQuerySet
from core.models import User

PURPOSE: Final = "complaints.client_link"
TOKEN_LENGTH: Final = 43
"""Characters of 256 bits in URL-safe text."""
SECRET: Final = re.compile(rf"(?<=/[cn]/)[\w-]{{{TOKEN_LENGTH}}}")
NOTED_EVERY: Final = timedelta(hours=1)


def address_for(complaint: Complaint, at: datetime) -> str:
    """Return the address of the contact's page, for a letter written now; its time starts over."""
    links = ClientLink.objects.filter(complaint=complaint, contact=complaint.contact)
    link = links.filter(revoked_at=None).first()
    token = _known_token(link) if link else None
    if link is None or token is None:
        # None yet, or the server's key was replaced and nobody can tell the old secret again.
        links.filter(revoked_at=None).update(revoked_at=at)
        link, token = _make(complaint, at)
    elif link.expires_at < at + LASTS:
        ClientLink.objects.filter(pk=link.pk).update(expires_at=at + LASTS)
    return settings.BASE_URL + reverse("client:case", args=[token])


def without_secrets(text: str) -> str:
    """Return the text without secrets of links: people answer with our whole letter below."""
    return SECRET.sub("…", text)


def withdraw_links(complaint: Complaint, by: User, at: datetime) -> int:
    """End every link to the complaint, inside an operation; return how many there were."""
    valid = ClientLink.objects.leading_to(complaint).filter(revoked_at=None)
    return valid.update(revoked_at=at, revoked_by=by)


def find_link(token: str, now: datetime) -> ClientLink | None:
    """Return the valid link with its complaint, account and people; one query."""
    if len(token) != TOKEN_LENGTH:
        return None
    wanted = _digest(token)
    rows = ClientLink.objects.select_related(
        "contact",
        "complaint__account",
        "complaint__lead",
        "complaint__merged_into__account",
        "complaint__merged_into__lead",
    )
    link = rows.filter(token_hash=wanted).first()
    if link is None or not constant_time_compare(link.token_hash, wanted):
        return None
    return link if link.is_valid(now) else None


def note_opening(link: ClientLink, now: datetime) -> None:
    """Remember that the page was looked at; at most once an hour, so that reading writes little."""
    stale = Q(opened_at=None) | Q(opened_at__lt=now - NOTED_EVERY)
    if link.opened_at is None or link.opened_at < now - NOTED_EVERY:
        ClientLink.objects.filter(stale, pk=link.pk).update(opened_at=now)


def grant_once(link: ClientLink, wish: str | None, work: Callable[[], object]) -> None:
    """Do what the client's form asks in one transaction; the same drawn form twice does it once.

    wish -- what tells one drawn form from the next, see core.once.
    """
    with transaction.atomic():
        # The complaint first: it is the row that the work locks too.
        Complaint.objects.select_for_update(no_key=True).get(pk=link.leads_to.pk)
        mine = ClientLink.objects.filter(pk=link.pk)
        if wish is None or mine.exclude(last_wish=wish).update(last_wish=wish):
            work()


def links_of(complaint: Complaint, user: User) -> ClientLinkQuerySet:
    """Return every link that was given for the complaint, the newest first."""
    rows = ClientLink.objects.visible_to(user).leading_to(complaint)
    shown = rows.select_related("contact", "revoked_by", "complaint__merged_into")
    return shown.order_by("-id")


def _make(complaint: Complaint, at: datetime) -> tuple[ClientLink, str]:
    link = ClientLink(
        complaint=complaint, contact=complaint.contact, expires_at=at + LASTS, created_at=at
    )
    token = _token(link, settings.SECRET_KEY)
    link.token_hash = _digest(token)
    link.save(force_insert=True)
    return link, token


def _known_token(link: ClientLink) -> str | None:
    """Return the secret of the link, made with the server's present key or an older one."""
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        token = _token(link, key)
        if constant_time_compare(_digest(token), link.token_hash):
            return token
    return None


def _token(link: ClientLink, key: str | bytes) -> str:
    digest = salted_hmac(PURPOSE, str(link.pk), secret=key, algorithm="sha256").digest()
    return urlsafe_base64_encode(digest)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
