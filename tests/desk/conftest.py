from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts import services as accounts
from complaints import services as complaints
from complaints.services import Intake
from tests.factories import AccountFactory, ContactFactory


@pytest.fixture
def account(manager):
    return AccountFactory(name="Kobza Media", owner=manager)


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Тарас Кобилко")


@pytest.fixture
def log(manager, account, now):
    """Return a function that logs a complaint; P4 unless told otherwise."""

    def log_one(words="The till is slow.", *, on=account, impact=4, urgency=4):
        intake = Intake(client_words=words, impact=impact, urgency=urgency)
        return complaints.log_complaint(actor=manager, account=on, intake=intake, now=now)

    return log_one


@pytest.fixture
def promise_to(manager, account, now):
    """Return a function that makes a promise; due in an hour unless told otherwise."""

    def make(text="Send the offer", **given):
        words = {"actor": manager, "made_by": manager, "account": account, "kind": "delivery"}
        words |= {"text": text, "due_at": now + timedelta(hours=1), "now": now}
        return accounts.make_promise(**{**words, **given})

    return make


@pytest.fixture
def rest():
    """Return a function that gives a person's session over REST, speaking JSON."""

    def session(user):
        client = APIClient()
        client.force_login(user)
        return client

    return session
