"""What can be done to accounts, contacts, touches and promises; the only writers."""

from accounts.services.account import create_account, edit_account, reassign_account
from accounts.services.contact import add_contact, edit_contact
from accounts.services.promise import (
    keep_promise,
    make_promise,
    renegotiate_promise,
    retry_promise,
    void_promise,
    withdraw_promise,
)
from accounts.services.touch import log_touch

__all__ = [
    "add_contact",
    "create_account",
    "edit_account",
    "edit_contact",
    "keep_promise",
    "log_touch",
    "make_promise",
    "reassign_account",
    "renegotiate_promise",
    "retry_promise",
    "void_promise",
    "withdraw_promise",
]
