"""People, the record of what they did, and what every app above builds on."""

from core.models.audit import AuditEntry
from core.models.calendar import Calendar, CalendarVersion, SpecialDay
from core.models.deputyship import Deputyship
from core.models.housekeeping import Heartbeat, IdempotencyKey, ReferenceCounter
from core.models.notification import Notification, OutgoingMail
from core.models.row import Row
from core.models.timer import Timer
from core.models.token import ApiToken
from core.models.user import Team, User
from core.models.webhook import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Calendar",
    "CalendarVersion",
    "Deputyship",
    "Heartbeat",
    "IdempotencyKey",
    "Notification",
    "OutgoingMail",
    "ReferenceCounter",
    "Row",
    "SpecialDay",
    "Team",
    "Timer",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
]
