from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.test import Client

from core.rest import throttle
from core.rest.throttle import Counter, client_address


@pytest.fixture
def limit(settings):
    settings.API_RATE_PER_MINUTE = 3
    return 3


@pytest.fixture
def fresh_counters():
    throttle.counter.cache_clear()
    yield
    throttle.counter.cache_clear()


def test_over_the_limit_is_429_with_the_time_to_wait(api, limit):
    allowed = [api.get("me").status_code for _call in range(limit)]
    refused = api.get("me")

    assert allowed == [200] * limit
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 1 <= int(refused["Retry-After"]) <= throttle.WINDOW_SECONDS


def test_each_token_has_its_own_minute(program, owner, limit):
    first, second = program(owner), program(owner)
    for _call in range(limit + 1):
        first.get("me")

    assert second.get("me").status_code == 200


def test_sessions_of_one_person_are_counted_together(sign_in, owner, limit):
    browsers = [sign_in(owner), sign_in(owner)] * 2

    answers = [browser.get("/api/v1/me").status_code for browser in browsers]

    assert answers == [200, 200, 200, 429]


def test_a_refused_call_counts_too(program, owner, limit):
    api = program(owner, ["sla:read"])

    answers = [api.get("teams").status_code for _call in range(limit + 1)]

    assert answers == [403, 403, 403, 429]


def test_guessing_keys_is_counted_by_address(db, limit, settings):
    settings.TRUSTED_PROXIES = 1
    address = f"2001:db8:{uuid4().hex[:4]}:1::1"
    headers = {"Authorization": f"Bearer {'0' * 64}", "X-Forwarded-For": f"8.8.8.8, {address}"}

    answers = [Client().get("/api/v1/me", headers=headers) for _call in range(limit + 1)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


@pytest.mark.race
def test_fifty_at_once_never_pass_more_than_the_limit(settings):
    key, limit = f"test:{uuid4()}", 20

    with ThreadPoolExecutor(50) as pool:
        counted = list(pool.map(lambda _: Counter(settings.CACHE_URL).count(key)[0], range(50)))

    assert sum(number <= limit for number in counted) == limit
    assert sorted(counted) == list(range(1, 51))


def test_without_redis_requests_pass_and_it_is_said_once(
    api, limit, settings, fresh_counters, monkeypatch, caplog
):
    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(throttle, "AVOID_SECONDS", 0)

    answers = [api.get("me").status_code for _call in range(limit + 2)]

    assert set(answers) == {200}
    assert sum("throttle_without_redis" in record.getMessage() for record in caplog.records) == 1


def test_redis_is_left_alone_after_a_failure(monkeypatch):
    counter = Counter("redis://127.0.0.1:1/0")
    counter.count("any")
    reached = []
    monkeypatch.setattr(counter, "_count", reached.append)

    assert counter.count("any") == (0, 0)
    assert reached == []


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "address"),
    [
        ("10.0.0.1", "6.6.6.6", 0, "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6", 1, "6.6.6.6"),
        ("10.0.0.1", "forged, 6.6.6.6", 1, "6.6.6.6"),
        ("10.0.0.1", "6.6.6.6, 10.0.0.2", 2, "6.6.6.6"),
        ("10.0.0.1", "6.6.6.6", 3, "6.6.6.6"),
        ("10.0.0.1", "", 1, "10.0.0.1"),
        ("10.0.0.1", "not an address", 1, "10.0.0.1"),
        ("2001:db8::1", "", 0, "2001:db8::/64"),
        ("2001:db8:0:0:ffff::9", "", 0, "2001:db8::/64"),
        ("::ffff:6.6.6.6", "", 0, "6.6.6.6"),
        ("", "", 0, ""),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies(remote, forwarded, proxies, address):
    meta = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address(meta, proxies) == address
