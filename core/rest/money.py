"""Money in JSON: the amount is text, so that no program makes a float of it."""

from __future__ import annotations

from typing import Any

from babel.numbers import list_currencies
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

DIGITS, PLACES = 14, 2


@extend_schema_field(
    {
        "type": "object",
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,2})?$"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
        "example": {"amount": "17501.20", "currency": "EUR"},
    }
)
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """`{"amount": "17501.20", "currency": "EUR"}` from and to two attributes.

    amount, currency -- the attributes of the row and the arguments of the service.
    """

    default_error_messages = {
        "not_money": _('Write money as {{"amount": "17501.20", "currency": "EUR"}}.'),
        "unknown_currency": _("“{code}” is not a currency of ISO 4217."),
    }

    def __init__(self, amount: str, currency: str = "currency", **options: Any) -> None:
        super().__init__(source="*", **options)
        self.amount, self.currency = amount, currency

    def to_representation(self, value: Any) -> dict[str, str] | None:
        amount = getattr(value, self.amount)
        if amount is None:
            return None
        return {"amount": str(amount), "currency": getattr(value, self.currency)}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        is_money = isinstance(data, dict) and data.keys() == {"amount", "currency"}
        if not is_money or not all(isinstance(value, str) for value in data.values()):
            self.fail("not_money")
        if data["currency"] not in list_currencies():
            self.fail("unknown_currency", code=data["currency"][:3])
        number = serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
        amount = number.run_validation(data["amount"])
        return {self.amount: amount, self.currency: data["currency"]}
