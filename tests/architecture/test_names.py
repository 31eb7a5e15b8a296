"""One name per operation: permission, audit verb, service, page and REST action."""

import ast

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from core import access
from tests.architecture.sources import APPS, label, public_functions, service_files

WITHOUT_PAGE = {
    "accounts.retry_promise", "accounts.void_promise", "accounts.raise_alert",
    "accounts.renew_alert", "accounts.expire_alert", "accounts.hold_unknown",
}  # fmt: skip
"""What only other operations do."""


def operations():
    """Yield (app, function name, verb) for every operation in a service."""
    for app in APPS:
        for path in service_files(app):
            for function in public_functions(path):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "operation":
                        yield app, function.name, node.args[0].value, label(path)


OPERATIONS = list(operations())
BY_USERS = {each.name for each in access.verbs() if not each.by_system}


def url_names(resolver=None, spaces=()):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            below = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from url_names(entry, below)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join([*spaces, entry.name])


def test_every_verb_of_users_has_a_service_and_every_service_a_verb():
    used = {verb for _app, _name, verb, _path in OPERATIONS}

    assert BY_USERS - used == set()
    assert used - {each.name for each in access.verbs()} == set()


@pytest.mark.parametrize(("app", "name", "verb", "path"), OPERATIONS, ids=str)
def test_a_verb_is_the_app_and_the_start_of_its_service(app, name, verb, path):
    space, _dot, action = verb.partition(".")
    assert space == app
    assert name.startswith(action)


def test_pages_carry_the_names_of_their_verbs():
    names = {name.rpartition(":")[2] for name in url_names()}
    missing = {
        verb
        for _app, _name, verb, _path in OPERATIONS
        if verb in BY_USERS - WITHOUT_PAGE and verb.partition(".")[2] not in names
    }
    assert missing == set()
