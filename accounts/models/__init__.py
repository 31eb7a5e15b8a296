"""Clients and their people, what we said to them and what we promised."""

from accounts.models.account import Account, ClientLimit
from accounts.models.alert import Alert
from accounts.models.bad_news import BadNews
from accounts.models.contact import Contact
from accounts.models.promise import Promise
from accounts.models.task import Task
from accounts.models.touch import Touch

__all__ = ["Account", "Alert", "BadNews", "ClientLimit", "Contact", "Promise", "Task", "Touch"]
