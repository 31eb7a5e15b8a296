import json

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import Http404
from django.utils import translation
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    MethodNotAllowed,
    NotAcceptable,
    ParseError,
    Throttled,
    UnsupportedMediaType,
    ValidationError,
)

from core.errors import DomainError, InvalidTransition, StaleVersion
from core.rest.problems import MEDIA_TYPE, PreconditionRequired, problem_page, problem_response
from tests.factories import UserFactory

MEMBERS = {"type", "title", "status", "code", "detail", "errors"}


def problem(exc):
    return problem_response(exc, {})


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (DomainError("No."), 409, "refused"),
        (InvalidTransition("new", ["resolve"]), 409, "illegal_transition"),
        (StaleVersion(1, 2), 412, "stale_version"),
        (PreconditionRequired(), 428, "precondition_required"),
        (PermissionDenied("core.edit_team"), 403, "permission_denied"),
        (Http404("No Team matches the given query."), 404, "not_found"),
        (AuthenticationFailed(), 401, "authentication_failed"),
        (MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (NotAcceptable(), 406, "not_acceptable"),
        (UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (Throttled(7), 429, "throttled"),
        (ParseError(), 400, "parse_error"),
        (ValidationError({"a": ["No."]}), 400, "invalid_input"),
        (SuspiciousOperation("x"), 400, "bad_request"),
        (OperationalError("lock timeout"), 503, "unavailable"),
        (InterfaceError("closed"), 503, "unavailable"),
        (IntegrityError("one_team"), 409, "conflict"),
        (DataError("out of range"), 400, "out_of_range"),
        (APIException(), 500, "error"),
    ],
)
def test_every_anticipated_failure_has_a_stable_code(exc, status, code):
    response = problem(exc)

    assert (response.status_code, response.data["code"]) == (status, code)
    assert set(response.data) >= MEMBERS
    assert response.data["status"] == status
    assert response.data["detail"]
    assert response.content_type == MEDIA_TYPE


@pytest.mark.parametrize("exc", [ZeroDivisionError(), ProgrammingError("no column"), KeyError("x")])
def test_our_own_mistakes_are_left_to_the_500_handler(exc):
    assert problem(exc) is None


def test_facts_stand_beside_the_standard_members():
    stale = problem(StaleVersion(1, 2)).data
    forged = problem(DomainError("No.", status=200, limit=300)).data

    assert (stale["expected"], stale["actual"]) == (1, 2)
    assert (forged["status"], forged["limit"]) == (409, 300)


def test_fields_are_named_by_their_path():
    detail = {
        "name": ["Too long."],
        "": ["Dates cross."],
        "lines": [{}, {"price": {"amount": ["A valid number is required."]}}],
        "tags": {0: ["Blank."]},
    }

    errors = problem(ValidationError(detail, code="bad")).data["errors"]

    assert [(error["field"], error["code"]) for error in errors] == [
        ("name", "bad"),
        ("", "bad"),
        ("lines.1.price.amount", "bad"),
        ("tags.0", "bad"),
    ]


def test_who_should_wait_is_told_how_long():
    assert problem(Throttled(6.2))["Retry-After"] == "7"
    assert int(problem(OperationalError())["Retry-After"]) > 0


def test_the_database_tells_nobody_its_secrets():
    response = problem(IntegrityError('duplicate key "secret"\nDETAIL: Key (email)=(a@b.c)'))

    assert "secret" not in json.dumps(response.data, default=str)


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_a_failure_outside_the_views_looks_the_same(status):
    response = problem_page(status)

    assert response["Content-Type"] == MEDIA_TYPE
    assert set(json.loads(response.content)) == MEMBERS
    assert response.has_header("Retry-After") == (status == 503)


@pytest.mark.parametrize("language", ["en", "ru", "uk", "bg"])
def test_problems_speak_the_language_of_the_moment(language):
    with translation.override(language):
        assert str(problem(Http404()).data["detail"])


def required(response):
    return next(error for error in response.json()["errors"] if error["field"] == "name")


def test_a_program_is_answered_in_its_users_language(program, db):
    api = program(UserFactory(language="ru"))

    assert required(api.post("teams", {}))["detail"] == "Обязательное поле."
    assert required(api.post("teams", {}))["code"] == "required"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("uk", "Це поле обов'язкове."),
        ("bg, en;q=0.5", "Това поле е задължително."),
        ("*", "Обязательное поле."),
        ("tlh", "This field is required."),
    ],
)
def test_accept_language_comes_first(asked, sentence, program, db):
    api = program(UserFactory(language="ru"))

    assert required(api.post("teams", {}, Accept_Language=asked))["detail"] == sentence


def test_methods_and_formats_that_are_not_there_are_problems(api, team):
    put = api("PUT", f"teams/{team.pk}", {})
    text = api.get("teams", Accept="text/html")
    page = api.get("no/such/thing")

    assert [each.status_code for each in (put, text, page)] == [405, 406, 404]
    assert {each["Content-Type"] for each in (put, text, page)} == {MEDIA_TYPE}


def test_a_crash_is_a_500_problem_that_says_nothing(program, owner):
    api = program(owner, raise_request_exception=False)

    response = api.post("teams/crash", {"name": "x"})

    assert (response.status_code, response["Content-Type"]) == (500, MEDIA_TYPE)
    assert b"Zero" not in response.content
