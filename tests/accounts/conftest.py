from datetime import timedelta

import pytest

from accounts import services
from accounts.services.touch import EDITABLE
from tests.factories import AccountFactory, ContactFactory


@pytest.fixture
def account(manager):
    return AccountFactory(name="Borea Retail Group", owner=manager)


@pytest.fixture
def child(account, stranger):
    return AccountFactory(name="Borea Logistics", parent=account, owner=stranger)


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Helen Marsh")


@pytest.fixture
def promise_to(manager, account, now):
    """Return a function that makes a promise; due tomorrow noon unless told otherwise."""

    def make(**given):
        words = {"actor": manager, "made_by": manager, "account": account, "kind": "delivery"}
        words |= {"text": "Send the offer", "due_at": now + timedelta(days=1), "now": now}
        return services.make_promise(**{**words, **given})

    return make


@pytest.fixture
def promise(promise_to):
    return promise_to()


@pytest.fixture
def talk(manager, account, now):
    """Return a function that logs a touch of the account, now and in both directions."""

    def log(**given):
        fields = {name: given.pop(name) for name in EDITABLE if name in given}
        words = {"actor": manager, "account": account, "summary": "Talked", "now": now}
        return services.log_touch(fields=fields, **{**words, **given})

    return log


@pytest.fixture
def program(portal):
    """A program with a token for accounts."""
    return portal("accounts:read", "accounts:write")
