"""Deny by default: every page and every REST operation, for everybody who might try."""

import re

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from accounts.models import Account, Contact, Promise, Touch
from complaints import services
from complaints.models import Complaint
from complaints.services import Intake
from core.models import User
from core.services.token import create_token
from sla.models import Contract
from tests.factories import AccountFactory, ContactFactory, UserFactory

PUBLIC = {
    "account_login", "account_logout", "account_signup", "account_inactive",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_email_verification_sent",
    "account_confirm_email", "account_confirm_login_code", "account_reauthenticate",
    "mfa_authenticate", "mfa_login_webauthn", "mfa_trust", "set_language", "healthz", "readyz",
}  # fmt: skip
"""What somebody who is not signed in may open; each says by itself what is missing."""
DENIED = {301, 302, 400, 401, 403, 404, 405, 410}
NOBODY = "00000000-0000-7000-8000-000000000000"
CONVERTERS = {
    "uuid": NOBODY,
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "day": "2026-03-02",
}


def patterns(resolver=None, prefix="", names=()):
    """Yield (name, path with made-up arguments) for every route."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route, (*names, entry.namespace or ""))
        elif isinstance(entry, URLPattern):
            space = [each for each in names if each]
            yield ":".join([*space, entry.name or ""]), "/" + fill(route)


def fill(route):
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: CONVERTERS[found[1] or "str"], route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", NOBODY, route)
    return re.sub(r"[\^$?\\]|\(\?:|\)", "", route)


PAGES = sorted({each for each in patterns() if not each[1].startswith("/api/")})
ADMIN = [each for each in PAGES if each[0].startswith("admin:")]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "path"), PAGES, ids=lambda part: part or "-")
def test_a_stranger_from_the_street_sees_no_page(client, name, path):
    response = client.get(path)

    if name not in PUBLIC:
        assert response.status_code in DENIED, response.status_code
        if response.status_code == 302:
            where = response.headers["Location"]
            assert where.startswith(("/auth/login/", "/admin/login/")) or name.startswith("account")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in User.Role.values if role != "ad"])
def test_only_administrators_open_the_administration(role, sign_in):
    browser = sign_in(UserFactory(roles=[role]))

    assert {browser.get(path).status_code for _name, path in ADMIN} <= {302, 403, 404}


def operations():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for method in methods:
            if method in {"get", "post", "put", "patch", "delete"}:
                yield method, re.sub(r"\{\w+\}", NOBODY, path)


@pytest.fixture(scope="module")
def every_operation():
    return list(operations())


@pytest.mark.django_db
def test_no_rest_operation_answers_without_a_token(every_operation):
    client = APIClient()
    answers = {
        (method, path): getattr(client, method)(path, {}).status_code
        for method, path in every_operation
    }

    assert len(answers) > 40
    assert {each: code for each, code in answers.items() if code not in {401, 403}} == {}


@pytest.mark.django_db
def test_a_token_reaches_nothing_outside_its_scopes(every_operation, now):
    user = UserFactory(roles=["hk"])
    _token, key = create_token(
        actor=user, user=user, name="narrow", scopes=["sla:read"], expires_at=None, now=now
    )
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {key}")
    open_to_all = ("/api/v1/me", "/api/v1/notifications", "/api/v1/audit", "/api/v1/schema")
    of_sla = ("sla-contracts", "clocks", "calendars", "attention", "credits", "attainments",
              "reviews", "recomputations", "day")  # fmt: skip
    inside = (*(f"/api/v1/{resource}" for resource in of_sla), *open_to_all)

    for method, path in every_operation:
        code = getattr(client, method)(path, {}).status_code
        if not path.startswith(inside):
            assert code in {401, 403}, (method, path, code)


PEOPLE = [*User.Role.values, "stranger"]


@pytest.fixture
def person(request, people, stranger):
    return stranger if request.param == "stranger" else people[request.param]


@pytest.mark.parametrize("person", PEOPLE, indirect=True)
def test_an_absent_row_is_never_shown_and_no_page_breaks(person, sign_in):
    browser = sign_in(person)
    browser.raise_request_exception = False
    answers = {path: browser.get(path).status_code for _name, path in PAGES if "logout" not in path}

    assert {path: code for path, code in answers.items() if code >= 500} == {}
    shown = {path: code for path, code in answers.items() if NOBODY in path and code == 200}
    assert shown == {}


@pytest.mark.parametrize("person", PEOPLE, indirect=True)
def test_no_role_reaches_an_absent_row_over_rest(person, every_operation):
    client = APIClient(raise_request_exception=False)
    client.force_login(person)
    answers = {
        (method, path): getattr(client, method)(path, {}).status_code
        for method, path in every_operation
    }

    assert {each: code for each, code in answers.items() if code >= 500} == {}
    reached = {each: code for each, code in answers.items() if NOBODY in each[1] and code < 300}
    assert reached == {}


@pytest.fixture
def world(agent, manager, technician, now):
    """Two complaints at two accounts; the technician works on one of them."""
    mine, other = AccountFactory(name="Mine", owner=manager), AccountFactory(name="Other")
    rows = []
    for account in (mine, other):
        ContactFactory(account=account)
        intake = Intake(client_words=f"Needle at {account.name}", impact=2, urgency=2)
        rows.append(services.log_complaint(actor=agent, account=account, intake=intake, now=now))
    services.assign(actor=agent, complaint=rows[0], assignee=technician, lead=manager, now=now)
    return rows


SEES = {"am": 2, "sa": 2, "hk": 2, "te": 1, "fi": 2, "ex": 2, "ad": 0}
"""How many of the two complaints each role reads; programs come over REST only."""


@pytest.mark.parametrize("role", SEES)
def test_list_detail_search_and_panels_agree_on_what_is_visible(role, world, people, sign_in):
    user = people[role]
    browser = sign_in(user)
    visible = set(Complaint.objects.visible_to(user).values_list("no", flat=True))
    everything = {complaint.no: complaint for complaint in world}

    assert len(visible) == SEES[role]
    listed = browser.get("/complaints/").content.decode()
    found = browser.get("/search/?q=needle").content.decode()
    for no, complaint in everything.items():
        expected = no in visible
        assert (no in listed) is expected
        assert (no in found) is expected
        detail = browser.get(f"/complaints/{complaint.pk}/").status_code
        assert detail in ({200} if expected else {403, 404})
        account = browser.get(f"/accounts/{complaint.account_id}/").content.decode()
        assert (no in account) is expected


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Account, Contact, Complaint, Contract, Promise, Touch])
def test_a_person_without_business_roles_reads_no_business_rows(model, world, admin):
    if model is not Account:
        assert not model.objects.visible_to(admin).exists()
