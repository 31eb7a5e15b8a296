"""What history tells of a credit: its figures as they are stored, and in the reader's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date

from core.wording import money_text, reader_locale
from sla.models import Credit

MONTH = "LLLL y"
SHORT_MONTH = "LLL"


def credit_facts(credit: Credit) -> dict[str, Any]:
    """Return the details of an audit entry about the credit."""
    amount = {"amount": str(credit.amount), "currency": credit.currency}
    return {"credit": amount, "month": credit.month.isoformat()}


def tell_credit(told: dict[str, str]) -> str:
    return money_text(Decimal(told["amount"]), told["currency"])


def tell_month(told: str) -> str:
    return month_text(date.fromisoformat(told))


def month_text(month: date, pattern: str = MONTH) -> str:
    """Return "February 2026" in the reader's language, by a pattern of Unicode TR 35."""
    return format_date(month, pattern, locale=reader_locale())
