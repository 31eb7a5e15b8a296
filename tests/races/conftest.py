from tests.complaints.conftest import (
    account,
    complaint,
    contact,
    in_progress,
    log,
    ready,
    resolved,
)
from tests.complaints.mail.conftest import box, imap_server
from tests.core.webhooks.conftest import add, certificate, receiver

__all__ = [
    "account", "add", "box", "certificate", "complaint", "contact", "imap_server", "in_progress",
    "log", "ready", "receiver", "resolved",
]  # fmt: skip
