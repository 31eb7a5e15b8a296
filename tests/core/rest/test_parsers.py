from io import BytesIO

import pytest
from rest_framework.exceptions import ParseError

from core.rest.parsers import DEEPEST, StrictJSONParser


def parse(body, encoding="utf-8"):
    return StrictJSONParser().parse(BytesIO(body), "application/json", {"encoding": encoding})


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, 2.5, null, true, "\xd0\x96"]}', {"a": [1, 2.5, None, True, "Ж"]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
    ],
)
def test_plain_json_is_read(body, value):
    assert value is None or parse(body) == value
    assert parse(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1,]",
        b"{'a': 1}",
        b'{"a": 1} x',
        b'{"a": 1, "a": 2}',
        b'[{"x": {"b": 1, "b": 1}}]',
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"[-1e400]",
        b"1" * 5000,
        b'"a\\u0000b"',
        b'{"\\u0000": 1}',
        b'"\\ud800"',
        b'["\\udfff x"]',
        b'"a\x00b"',
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf{}",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
)
def test_what_readers_may_take_differently_is_refused(body):
    with pytest.raises(ParseError):
        parse(body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "bz2_codec", "idna", "nothing", "latin-1"])
def test_json_is_utf_8(encoding):
    with pytest.raises(ParseError, match="UTF-8"):
        parse(b"{}", encoding)


def test_a_refusal_is_a_problem(api):
    response = api.client.post(
        "/api/v1/teams", b'{"a": NaN}', content_type="application/json", headers=api.headers
    )

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


def test_a_large_body_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = api.post("teams", {"name": "x" * 200})

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_another_format_is_415(api):
    response = api.client.post(
        "/api/v1/teams", b"<a/>", content_type="text/xml", headers=api.headers
    )

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
