"""What webhooks offer when the server starts."""

from django.utils.translation import gettext_lazy as _

from core import webhook_permissions
from core.announcements import Hearers, announce
from core.models import AuditEntry, User, WebhookEndpoint
from core.nav import Place, add_place
from core.permissions import is_administrator
from core.places import place, resource


def _administrators(entries: list[AuditEntry]) -> Hearers:
    everybody = set(User.objects.in_role(User.Role.ADMINISTRATOR).values_list("pk", flat=True))
    return {entry.id: everybody for entry in entries}


announce("core.fail_webhook", _administrators, always_by_mail=lambda entry: True)
announce("core.drop_webhook", _administrators, always_by_mail=lambda entry: True)
add_place(
    Place(
        order=97,
        label=_("Webhooks"),
        url_name="core:webhooks",
        icon="webhook",
        shown_to=is_administrator,
    )
)
place(WebhookEndpoint, "core:webhook")
resource(WebhookEndpoint, "webhook")

__all__ = ["webhook_permissions"]
