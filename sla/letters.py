"""Letters to clients about service levels, each in the language of the person it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from django.utils import translation

from accounts.models import Account, Contact
from sla.models import Credit, Metric
from sla.texts import client_text


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    body: str


def addressee(account: Account) -> Contact | None:
    """Return who of the account is written to: somebody who decides, else the first with a mail."""
    working = Contact.objects.filter(account=account, state=Contact.State.ACTIVE)
    reachable = list(working.exclude(emails=[]).order_by("name", "id"))
    return next((contact for contact in reachable if contact.decides), next(iter(reachable), None))


def credit_letter(credit: Credit, contact: Contact, change: str) -> Letter:
    """Return the apology for a month that earned a credit: a sentence for each metric that did.

    change -- what we changed since, in the contact's language; the sentence brings its own stop.
    """
    language = contact.language
    told = [_kept(line, credit.month, language) for line in earning(credit)]
    given = client_text(
        "credit_given",
        language,
        amount=format_currency(credit.amount, credit.currency, locale=language),
        change=change.strip().rstrip("."),
    )
    month = format_date(credit.month, "LLLL y", locale=language)
    subject = client_text("credit_subject", language, month=month)
    return Letter(contact.email, f"[{credit.contract.no}] {subject}", " ".join([*told, given]))


def earning(credit: Credit) -> list[dict[str, Any]]:
    """Return the lines of the credit that are more than nothing."""
    return [line for line in credit.lines if Decimal(line["credit_percent"])]


def _kept(line: dict[str, Any], month: date, language: str) -> str:
    with translation.override(language):
        metric = str(Metric(line["metric"]).label)
    return client_text(
        "credit_kept",
        language,
        month=_in_month(month, language),
        metric=metric[:1].lower() + metric[1:],
        met=line["met"],
        counted=line["counted"],
    )


def _in_month(month: date, language: str) -> str:
    """Return the month as it stands after "in": Slavic languages bend its name."""
    names = client_text("months_in", language).split()
    return client_text("month_of_year", language, month=names[month.month - 1], year=month.year)
