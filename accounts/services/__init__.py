"""What can be done to accounts, their people, what is owed and what warns; the only writers."""

from accounts.services.account import create_account, edit_account, reassign_account
from accounts.services.alert import (
    acknowledge_alert,
    expire_alert,
    raise_alert,
    renew_alert,
    resolve_alert,
    snooze_alert,
)
from accounts.services.bad_news import (
    acknowledge_bad_news,
    report_bad_news,
    spare_client,
    tell_client,
    thank_messenger,
)
from accounts.services.contact import add_contact, edit_contact
from accounts.services.promise import (
    keep_promise,
    make_promise,
    renegotiate_promise,
    retry_promise,
    void_promise,
    withdraw_promise,
)
from accounts.services.task import cancel_task, edit_task, finish_task, open_task
from accounts.services.touch import log_touch

__all__ = [
    "acknowledge_alert",
    "acknowledge_bad_news",
    "add_contact",
    "cancel_task",
    "create_account",
    "edit_account",
    "edit_contact",
    "edit_task",
    "expire_alert",
    "finish_task",
    "keep_promise",
    "log_touch",
    "make_promise",
    "open_task",
    "raise_alert",
    "reassign_account",
    "renegotiate_promise",
    "renew_alert",
    "report_bad_news",
    "resolve_alert",
    "retry_promise",
    "snooze_alert",
    "spare_client",
    "tell_client",
    "thank_messenger",
    "void_promise",
    "withdraw_promise",
]
