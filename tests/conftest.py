from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from rest_framework.test import APIClient

from core.models import Heartbeat, User
from core.services.token import create_token
from tests.factories import NOON, UserFactory

HTMX = {"HX-Request": "true"}
"""Headers of a request by which htmx swaps a part of the page."""


@dataclass
class Clock:
    """What `timezone.now()` tells while a test holds the `clock` or `now` fixture."""

    at: datetime

    def __call__(self):
        return self.at

    def forward(self, **span):
        self.at += timedelta(**span)
        return self.at


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """Give each test its own keys, for flushing the shared cache would hurt others."""
    monkeypatch.setattr(caches["default"], "key_prefix", uuid4().hex)


@pytest.fixture(autouse=True)
def own_language():
    """Leave no language or time zone of a request to the next test."""
    with translation.override("en"), timezone.override(None):
        yield


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock at Monday noon in Sofia; `clock.forward(hours=2)` moves it.

    The database's own clock and new ids keep real time.
    """
    stopped = Clock(NOON)
    monkeypatch.setattr(timezone, "now", stopped)
    return stopped


@pytest.fixture
def now(clock):
    return clock.at


@pytest.fixture
def people(db):
    """Return {role: user} with one person of each role, named by it: am@kamerton.test."""
    return {
        role: UserFactory(email=f"{role}@kamerton.test", name=str(label), roles=[role])
        for role, label in User.Role.choices
    }


@pytest.fixture
def manager(people):
    return people["am"]


@pytest.fixture
def agent(people):
    return people["sa"]


@pytest.fixture
def head(people):
    return people["hk"]


@pytest.fixture
def technician(people):
    return people["te"]


@pytest.fixture
def executive(people):
    return people["ex"]


@pytest.fixture
def admin(people):
    return people["ad"]


@pytest.fixture
def stranger(db):
    """An account manager who owns nothing and stands in for nobody."""
    return UserFactory(email="stranger@kamerton.test", name="Stranger")


@pytest.fixture
def sign_in():
    """Return a function that gives a browser in which the person is signed in."""

    def browser(user, **options):
        client = Client(**options)
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def query_count():
    """Return a function that tells how many queries a page costs once caches are warm."""

    def count(client, url, **kwargs):
        client.get(url, **kwargs)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, **kwargs).status_code == 200
        return len(captured)

    return count


@pytest.fixture
def heartbeat(db):
    """Return a function that notes when a timer last ran, and lets pages look again."""

    def beat(name, at):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
        cache.delete(f"heartbeat:{name}")

    return beat


@pytest.fixture
def rest():
    """Return a function that gives a person's session over REST, speaking JSON."""

    def session(user):
        client = APIClient()
        client.force_login(user)
        return client

    return session


@pytest.fixture
def portal(people, now):
    """Return a function that gives a program whose token has the scopes."""

    def program(*scopes):
        _token, key = create_token(
            actor=people["api"], user=people["api"], name="Portal", scopes=scopes,
            expires_at=None, now=now,
        )  # fmt: skip
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return program
