"""Whatever is sent, the answer is one of ours: never a 500."""

import json
from itertools import product

import pytest
from django.test import Client

VALUES = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ufffd",
    "💥" * 50,
    "%",
    "_" * 30,
    "'; DROP TABLE core_team; --",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "-1",
    "0",
    "1e309",
    "NaN",
    "Infinity",
    "9" * 400,
    "true",
    "null",
    "[]",
    "2026-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "10000-01-01",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "\u202e\u200b",
    "١٢٣",
    "²",
]
PARAMETERS = [
    "q",
    "version",
    "member",
    "since",
    "kind",
    "cursor",
    "limit",
    "ordering",
    "format",
    "x",
]
BODIES = [
    None, True, 0, -1, 1e308, 10**400, "", "x", "\x00", "\ud800", [], [[]], [{}], {},
    {"name": None}, {"name": 5}, {"name": []}, {"name": {}}, {"name": "\x00"}, {"name": "\udfff"},
    {"name": "x" * 100_000}, {"name": "x", "members": None}, {"name": "x", "members": "x"},
    {"name": "x", "members": {}}, {"name": "x", "members": [None]}, {"name": "x", "members": [{}]},
    {"name": "x", "members": [[]]}, {"name": "x", "members": [1e308]}, {"": ""},
    {"name": "x", "members": ["\x00"]}, {"name": "x", "members": [True]}, {"__class__": {}},
    {"price": 1}, {"price": {"amount": "1e5", "currency": "EUR"}},
    {"price": {"amount": "9" * 5000, "currency": "EUR"}},
    {"price": {"amount": "1.00", "currency": []}},
    {"price": {"amount": "1.00", "currency": "EUR"}, "at": "0001-01-01T00:00:00+14:00"},
    {"price": {"amount": "1.00", "currency": "EUR"}, "at": "9999-12-31T23:59:59-14:00"},
    {"price": {"amount": "1.00", "currency": "EUR"}, "at": 10**30},
    {"price": {"amount": "1.00", "currency": "EUR"}, "count": 10**400},
    {"price": {"amount": "1.00", "currency": "EUR"}, "note": "\ud83d"},
]  # fmt: skip
RAW = [
    b"", b"\x00", b"\xff\xfe\x00", b"{", b'{"a":1,"a":2}', b"[" * 5000, b'"' + b"\\" * 999, b"NaN",
    b'{"name": 1e999}', b'{"name": "\xed\xa0\x80"}', b"\xef\xbb\xbf{}", b'{"a":' * 500 + b"1",
]  # fmt: skip
TYPES = [
    "application/json",
    "application/json; charset=utf-16",
    "application/json; charset=bz2_codec",
    "application/json; charset=nothing",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
    "/",
]
HEADERS = [
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Accept",
    "Accept-Language",
    "Authorization",
    "X-Forwarded-For",
    "Content-Length",
    "Cookie",
    "Host",
]
OURS = {200, 201, 204, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428}


@pytest.fixture
def api(program, owner, settings):
    settings.TRUSTED_PROXIES = 1
    settings.API_RATE_PER_MINUTE = 100_000
    return program(owner, raise_request_exception=False)


def check(response, sent):
    assert response.status_code in OURS, (response.status_code, sent)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", sent
        assert response.json()["status"] == response.status_code


def test_in_the_query(api, team):
    for name, value in product(PARAMETERS, VALUES):
        response = api.client.get("/api/v1/teams", {name: value}, headers=api.headers)
        check(response, (name, value))


def test_in_the_path(api, team):
    for value in VALUES:
        quoted = value.encode().hex("%") if value else ""
        for path in (f"teams/%{quoted}", f"teams/%{quoted}/leave", f"tokens/%{quoted}"):
            check(api.get(path), path)


def test_in_the_body(api, team):
    targets = [
        ("POST", "teams"),
        ("PATCH", f"teams/{team.pk}"),
        ("POST", "teams/price"),
        ("POST", f"teams/{team.pk}/leave"),
    ]
    for body, (method, path) in product(BODIES, targets):
        sent = json.dumps(body)
        response = api.client.generic(
            method,
            f"/api/v1/{path}",
            sent,
            content_type="application/json",
            headers=api.headers | {"If-Match": "*"},
        )
        check(response, (method, path, sent[:80]))


def test_in_bytes_and_content_types(api):
    for raw, content_type in product(RAW, TYPES):
        response = api.client.generic(
            "POST", "/api/v1/teams", raw, content_type=content_type, headers=api.headers
        )
        check(response, (raw[:20], content_type))


def test_in_the_headers(api, team):
    for name, value in product(HEADERS, VALUES):
        as_sent = value.encode().decode("latin-1")
        for method in ("GET", "PATCH"):
            response = api.client.generic(
                method,
                f"/api/v1/teams/{team.pk}",
                "{}",
                content_type="application/json",
                headers=api.headers | {name: as_sent},
            )
            check(response, (method, name, value))


def test_as_nobody(db):
    nobody = Client(raise_request_exception=False)
    for value in VALUES:
        headers = {"Authorization": f"Bearer {value}"}
        check(nobody.get("/api/v1/teams", {"cursor": value}, headers=headers), value)
