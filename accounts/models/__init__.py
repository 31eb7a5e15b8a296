"""Clients and their people, what we said to them, what we promised and what they hold."""

from accounts.models.account import Account, ClientLimit
from accounts.models.alert import Alert
from accounts.models.attitude import AttitudeReading
from accounts.models.bad_news import BadNews
from accounts.models.contact import Contact
from accounts.models.holding import Holding
from accounts.models.promise import Promise
from accounts.models.task import Task
from accounts.models.touch import Touch

__all__ = [
    "Account",
    "Alert",
    "AttitudeReading",
    "BadNews",
    "ClientLimit",
    "Contact",
    "Holding",
    "Promise",
    "Task",
    "Touch",
]
