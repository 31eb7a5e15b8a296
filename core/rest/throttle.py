"""So many requests a minute for each token, each person and each address without a name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

import redis
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.models import ApiToken, User

WINDOW_SECONDS: Final = 60
PATIENCE_SECONDS: Final = 0.25
AVOID_SECONDS: Final = 5.0
log = structlog.get_logger(__name__)


class Counter:
    """Counts in Redis. While Redis does not answer it counts nothing, and says so once.

    After a failure Redis is left alone for AVOID_SECONDS, so that no request waits for it.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        )
        self._avoid_until = 0.0
        self._is_down = False

    def count(self, key: str) -> tuple[int, int]:
        """Add one to the key; return its number in this window and the seconds that are left."""
        if time.monotonic() < self._avoid_until:
            return 0, 0
        try:
            number, left = self._count(key)
        except redis.RedisError as error:
            self._fail(error)
            return 0, 0
        self._is_down = False
        return number, left

    def _count(self, key: str) -> tuple[int, int]:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, ex=WINDOW_SECONDS, nx=True)
            pipe.incr(key)
            pipe.ttl(key)
            _made, number, left = pipe.execute()
        return number, left

    def _fail(self, error: redis.RedisError) -> None:
        self._avoid_until = time.monotonic() + AVOID_SECONDS
        if not self._is_down:
            log.warning("throttle_without_redis", error=type(error).__name__)
        self._is_down = True


@cache
def counter(url: str) -> Counter:
    return Counter(url)


class TokenRate(BaseThrottle):
    """Refuses what goes over settings.API_RATE_PER_MINUTE, however parallel it comes."""

    left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        number, self.left = counter(settings.CACHE_URL).count(f"kamerton:rate:{caller(request)}")
        return number <= settings.API_RATE_PER_MINUTE

    def wait(self) -> float:
        return max(self.left, 1)


def caller(request: Request) -> str:
    """Return whose requests are counted together."""
    if isinstance(request.auth, ApiToken):
        return f"token:{request.auth.public_id}"
    if isinstance(request.user, User):
        return f"user:{request.user.pk}"
    return f"address:{client_address(request.META, settings.TRUSTED_PROXIES)}"


def client_address(meta: Mapping[str, str], proxies: int) -> str:
    """Return where the request came from, in one spelling; an IPv6 neighbourhood is one caller.

    proxies -- how many of our own proxies add to X-Forwarded-For; only their words count.
    """
    remote = meta.get("REMOTE_ADDR", "")
    told = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    claimed = told[-min(proxies, len(told))] if proxies else remote
    try:
        address = ip_address(claimed)
    except ValueError:
        return remote
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((int(address), 64), strict=False))
    return str(address)
