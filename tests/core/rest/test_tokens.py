from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import ApiToken
from tests.core.rest.conftest import Api
from tests.factories import UserFactory


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer", "TOKEN"])
def test_a_key_opens_the_door_under_both_names(scheme, make_token, owner):
    _token, key = make_token(owner)

    response = Client().get("/api/v1/me", headers={"Authorization": f"{scheme} {key}"})

    assert response.json()["email"] == owner.email


def test_only_a_digest_is_stored(make_token, owner):
    token, key = make_token(owner)

    assert key not in str(vars(token))
    assert ApiToken.objects.filter(digest=key).count() == 0


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Token x",
        "Bearer " + "0" * 64,
        "Bearer " + "g" * 64,
        "Bearer " + "é" * 64,
        "Bearer " + "0" * 5000,
        "Bearer \x00",
        "Bearer a b",
        "Basic YTpi",
        "",
    ],
)
def test_what_is_no_key_is_401_and_says_what_would_be(header, db):
    response = Client().get("/api/v1/teams", headers={"Authorization": header})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_nobody_is_401(db):
    response = Client().get("/api/v1/teams")

    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_an_expired_key_is_refused_and_stays_in_the_list(make_token, owner, clock):
    _token, key = make_token(owner, expires_at=clock.at + timedelta(days=1))
    api = Api(key)

    assert api.get("me").status_code == 200
    clock.forward(days=1)
    assert api.get("me").status_code == 401
    assert ApiToken.objects.count() == 1


def test_one_query_finds_the_caller_however_many_keys_he_has(
    make_token, program, owner, django_assert_num_queries
):
    for _key in range(5):
        make_token(owner, expires_at=timezone.now() + timedelta(seconds=60))
    api = program(owner)

    with django_assert_num_queries(1):
        api.get("me")


def test_a_person_who_left_is_401(program, owner, sign_in):
    api, browser = program(owner), sign_in(owner)
    owner.is_active = False
    owner.save()

    assert api.get("me").status_code == 401
    assert browser.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["accounts:read"], "GET", "teams", 200),
        (["accounts:write"], "GET", "teams", 403),
        (["complaints:read"], "GET", "teams", 403),
        (["accounts:read"], "POST", "teams", 403),
        (["accounts:write"], "POST", "teams", 400),
        (["sla:read"], "GET", "me", 200),
        (["accounts:read"], "GET", "tokens", 403),
        (["accounts:read"], "GET", "undeclared", 403),
    ],
)
def test_a_token_reaches_as_far_as_its_scopes(scopes, method, path, status, program, owner):
    response = program(owner, scopes)(method, path)

    assert response.status_code == status


def test_a_missing_scope_is_named(program, owner):
    response = program(owner, ["accounts:read"]).post("teams")

    assert response.json()["code"] == "scope_missing"
    assert "accounts:write" in response.json()["detail"]


def test_a_sublist_may_need_another_scope(program, owner, team):
    path = f"teams/{team.pk}/members"

    assert program(owner, ["accounts:read"]).get(path).status_code == 403
    assert program(owner, ["complaints:read"]).get(path).status_code == 200


def test_a_view_without_a_scope_is_closed_to_everyone(sign_in, owner):
    response = sign_in(owner).get("/api/v1/undeclared")

    assert response.status_code == 403
    assert b"leaked" not in response.content


def test_a_session_is_not_limited_by_scopes_but_needs_the_csrf_token(sign_in, owner, team):
    careful = sign_in(owner, enforce_csrf_checks=True)

    assert careful.get("/api/v1/teams").status_code == 200
    refused = careful.post("/api/v1/teams", {"name": "x"}, content_type="application/json")
    assert refused.status_code == 403
    assert sign_in(UserFactory()).get("/api/v1/teams").json()["results"] == []
