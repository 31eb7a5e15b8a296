import json

import pytest
from django.test import Client
from django.utils import timezone

from core.models import ApiToken
from core.services.token import create_token
from tests.factories import TeamFactory, UserFactory

ALL_SCOPES = ApiToken.Scope.values


class Api:
    """A program: sends JSON with its token and reads JSON."""

    def __init__(self, key, **options):
        self.client = Client(**options)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def __call__(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self.headers | sent,
        )

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self("POST", path, body, **headers)

    def patch(self, path, body=None, **headers):
        return self("PATCH", path, body, **headers)


@pytest.fixture(autouse=True)
def small_site(settings):
    settings.ROOT_URLCONF = "tests.core.rest.site"


@pytest.fixture
def make_token():
    def make(user, scopes=ALL_SCOPES, expires_at=None):
        return create_token(
            actor=user,
            user=user,
            name="test",
            scopes=scopes,
            expires_at=expires_at,
            now=timezone.now(),
        )

    return make


@pytest.fixture
def program(make_token):
    """Return a function that gives a program with a token of the person."""

    def connect(user, scopes=ALL_SCOPES, **options):
        _token, key = make_token(user, scopes)
        return Api(key, **options)

    return connect


@pytest.fixture
def owner(db):
    """An administrator: may found and edit the teams."""
    return UserFactory(roles=["ad"], language="ru")


@pytest.fixture
def api(program, owner):
    return program(owner)


@pytest.fixture
def team(owner):
    return TeamFactory(name="Berlin", members=[owner])
