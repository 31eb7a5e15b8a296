"""Who keeps webhooks. Names match the verbs of services."""

from django.utils.translation import gettext_lazy as _

from core.access import permit, system_verb
from core.permissions import is_administrator

permit("core.add_webhook", is_administrator, says=_("Added the webhook {label}"), icon="webhook")
permit("core.edit_webhook", is_administrator, says=_("Changed the webhook {label}"))
permit(
    "core.rotate_webhook",
    is_administrator,
    says=_("Made a new secret for the webhook {label}"),
    icon="key",
)
permit(
    "core.disable_webhook",
    is_administrator,
    says=_("Disabled the webhook {label}"),
    icon="player-pause",
)
permit(
    "core.enable_webhook",
    is_administrator,
    says=_("Enabled the webhook {label}"),
    icon="player-play",
)
permit("core.try_webhook", is_administrator, says=_("Sent a test event to {label}"), icon="send")
permit(
    "core.resend_webhook",
    is_administrator,
    says=_("Sent {event} to {label} once more"),
    icon="repeat",
)
permit(
    "core.retry_webhook",
    is_administrator,
    says=_("Sent failed events to {label} once more: {count}"),
    icon="repeat",
)
system_verb(
    "core.fail_webhook",
    says=_("Gave up telling {label} of an event: {error}"),
    icon="alert-triangle",
)
system_verb(
    "core.drop_webhook",
    says=_("Disabled the webhook {label}, for it answered that it is gone"),
    icon="player-pause",
)
system_verb("core.recover_webhook", says=_("The webhook {label} works again"), icon="check")
