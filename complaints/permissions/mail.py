"""Who looks after mailboxes and letters, and what the system does with them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_administrator, is_head, is_manager, is_support
from core.access import permit, system_verb

keeps_mailboxes = is_administrator | is_support | is_head
reads_letters = is_support | is_head
"""Who sees what a letter is about; administrators keep the mailboxes without that."""

OF_MAILBOXES: Final = (
    "complaints.retry_letter", "complaints.retry_failed", "complaints.lose_mailbox", "complaints.regain_mailbox",
)  # fmt: skip

permit(
    "complaints.retry_letter",
    keeps_mailboxes,
    says=_("Had a letter of {label} read once more"),
    icon="refresh",
)
permit(
    "complaints.retry_failed",
    keeps_mailboxes,
    says=_("Had the failed letters of {label} read once more: {count}"),
    icon="refresh",
)
permit(
    "complaints.move",
    is_manager | is_support | is_head,
    says=_("Placed {label} with its account"),
    icon="building",
)
system_verb(
    "complaints.note_bounce", says=_("A letter about {label} came back"), icon="arrow-back-up"
)
system_verb(
    "complaints.lose_mailbox",
    says=_("Letters no longer come in: {label} cannot be read"),
    icon="alert-triangle",
)
system_verb(
    "complaints.regain_mailbox", says=_("Letters come in again from {label}"), icon="mail-check"
)
