"""Clients and their people, what we said to them and what we promised."""

from accounts.models.account import Account, ClientLimit
from accounts.models.contact import Contact
from accounts.models.promise import Promise
from accounts.models.touch import Touch

__all__ = ["Account", "ClientLimit", "Contact", "Promise", "Touch"]
