"""What surrounds the promises: services, what does not count, what comes back to the client."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Sentence
from core.wording import reader_locale
from sla.models import Contract, CreditBand, Exclusion, ScopeItem

NBSP: Final = "\u00a0"
WHOLE: Final = Decimal(100)

EXCUSES: Final[dict[str, Sentence]] = {
    Exclusion.Kind.CLIENT_DELAY: gettext_lazy("You delayed the work"),
    Exclusion.Kind.AGREED_MAINTENANCE: gettext_lazy("Maintenance that we agreed on in advance"),
    Exclusion.Kind.CLIENT_REFUSED_ACCESS: gettext_lazy("You did not let us in"),
    Exclusion.Kind.OUT_OF_SCOPE: gettext_lazy("It is outside what we agreed on"),
}
"""What does not count, as one says it to the client."""


def number_text(number: Decimal | int) -> str:
    """Return the number with the decimals it needs, at most four."""
    return format_decimal(number, "#,##0.####", locale=reader_locale())


def percent_text(percent: Decimal | int) -> str:
    return f"{number_text(percent)}{NBSP}%"


def service_text(item: ScopeItem) -> str:
    """Return "Visits: 10 hours a month"."""
    amount = " ".join(filter(None, (_quantity(item), item.unit)))
    per = item.get_per_display() if item.per else ""
    told = " ".join(filter(None, (amount, str(per))))
    return f"{item.service}: {told}" if told else item.service


def _quantity(item: ScopeItem) -> str:
    return "" if item.quantity is None else number_text(item.quantity)


def exclusion_text(exclusion: Exclusion) -> str:
    kind = EXCUSES[exclusion.kind]
    return f"{kind}: {exclusion.text}" if exclusion.text else str(kind)


def band_text(band: CreditBand) -> str:
    """Return "90 % to less than 95 %: 3 % of the monthly fee"."""
    facts = {
        "low": percent_text(band.from_percent),
        "high": percent_text(band.to_percent),
        "credit": percent_text(band.credit_percent),
    }
    if not band.from_percent:
        return _("less than %(high)s: %(credit)s of the monthly fee") % facts
    return _("%(low)s to less than %(high)s: %(credit)s of the monthly fee") % facts


def misses_text(contract: Contract) -> str:
    """Say what comes back in a month with too few cases for a percentage."""
    facts = {"count": contract.n_min, "credit": percent_text(contract.per_extra_miss_percent)}
    said = ngettext(
        "With fewer than %(count)d case in the month: %(credit)s of the monthly fee for each miss",
        "With fewer than %(count)d cases in the month: %(credit)s of the monthly fee for each miss",
        contract.n_min,
    )
    return f"{said % facts}{_beyond(contract.tolerated_misses)}."


def _beyond(tolerated: int) -> str:
    if not tolerated:
        return ""
    if tolerated == 1:
        words = _("beyond the first")
    else:
        words = ngettext("beyond the first %(count)d", "beyond the first %(count)d", tolerated)
    return f" {words % {'count': tolerated}}"


def caps_text(contract: Contract) -> str:
    return _("At most %(month)s of the month’s fee and %(year)s of the year’s fee.") % {
        "month": percent_text(contract.monthly_cap_percent),
        "year": percent_text(contract.annual_cap_percent),
    }
