"""The shared cache; while Redis is away each process makes do with its own memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

PAUSE_SECONDS = 5
LOG_SECONDS = 60
log = structlog.get_logger(__name__)


@dataclass
class _Absence:
    """What this process knows of Redis being away; all threads share it.

    retry_at, log_at -- moments of time.monotonic.
    """

    retry_at: float = 0.0
    log_at: float = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self.retry_at

    def begin(self, error: RedisError) -> None:
        now = time.monotonic()
        self.retry_at = now + PAUSE_SECONDS
        if now >= self.log_at:
            self.log_at = now + LOG_SECONDS
            log.error("cache_unreachable", reason=type(error).__name__)


absence = _Absence()


def _bridged(name: str) -> Any:
    """Return the cache's method, answered by the stand-in while Redis is away.

    After a failure Redis is left alone for PAUSE_SECONDS, so that a frozen one costs a page
    one time-out and not one per key.
    """
    asked: Callable[..., Any] = getattr(RedisCache, name)

    def call(cache: ForgivingCache, *args: Any, **kwargs: Any) -> Any:
        if not absence.is_on:
            try:
                return asked(cache, *args, **kwargs)
            except RedisError as error:
                absence.begin(error)
        return getattr(cache.stand_in, name)(*args, **kwargs)

    return call


class ForgivingCache(RedisCache):
    """Never raises because Redis is down. Sign-in limits then count per process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.stand_in = LocMemCache("stand-in", {**params, "OPTIONS": {}})

    add = _bridged("add")
    get = _bridged("get")
    set = _bridged("set")
    touch = _bridged("touch")
    delete = _bridged("delete")
    get_many = _bridged("get_many")
    has_key = _bridged("has_key")
    incr = _bridged("incr")
    set_many = _bridged("set_many")
    delete_many = _bridged("delete_many")
    clear = _bridged("clear")
