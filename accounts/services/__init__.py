"""What can be done to accounts, their people, what is owed and what warns; the only writers."""

from accounts.services.account import (
    create_account,
    edit_account,
    hold_unknown,
    reassign_account,
    set_annual_margin,
    sign_contract,
)
from accounts.services.alert import (
    acknowledge_alert,
    expire_alert,
    raise_alert,
    renew_alert,
    resolve_alert,
    snooze_alert,
)
from accounts.services.attitude import read_attitude, set_influence
from accounts.services.bad_news import (
    acknowledge_bad_news,
    report_bad_news,
    spare_client,
    tell_client,
    thank_messenger,
)
from accounts.services.contact import add_contact, edit_contact
from accounts.services.holding import add_holding, edit_holding, return_holding
from accounts.services.promise import (
    hand_over_promise,
    keep_promise,
    make_promise,
    put_off_promise,
    renegotiate_promise,
    retry_promise,
    void_promise,
    withdraw_promise,
)
from accounts.services.task import cancel_task, edit_task, finish_task, open_task
from accounts.services.touch import approve_hospitality, log_touch, refuse_hospitality

__all__ = [
    "acknowledge_alert",
    "acknowledge_bad_news",
    "add_contact",
    "add_holding",
    "approve_hospitality",
    "cancel_task",
    "create_account",
    "edit_account",
    "edit_contact",
    "edit_holding",
    "edit_task",
    "expire_alert",
    "finish_task",
    "hand_over_promise",
    "hold_unknown",
    "keep_promise",
    "log_touch",
    "make_promise",
    "open_task",
    "put_off_promise",
    "raise_alert",
    "read_attitude",
    "reassign_account",
    "refuse_hospitality",
    "renegotiate_promise",
    "renew_alert",
    "report_bad_news",
    "resolve_alert",
    "retry_promise",
    "return_holding",
    "set_annual_margin",
    "set_influence",
    "sign_contract",
    "snooze_alert",
    "spare_client",
    "tell_client",
    "thank_messenger",
    "void_promise",
    "withdraw_promise",
]
