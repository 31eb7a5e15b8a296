"""Whether this process can serve: each part is looked at by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from core.models import Heartbeat

OK, DEGRADED, DOWN = "ok", "degraded", "down"
STATES = (OK, DEGRADED, DOWN)
TICK_MAY_BE_OLD = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Check:
    state: str
    detail: str = ""


_more: dict[str, Callable[[datetime], Check]] = {}


def add_check(name: str, check: Callable[[datetime], Check]) -> None:
    """Let an app tell how a part of it is. Call it from AppConfig.ready."""
    _more[name] = check


def checks(now: datetime) -> dict[str, Check]:
    """Return the state of every part. Without the database nothing else can be known of it."""
    if not _database_answers():
        return {"database": Check(DOWN, "cannot be reached"), "broker": _broker()}
    return {
        "database": Check(OK),
        "migrations": _migrations(),
        "timers": _ticked("timers", now),
        "webhooks": _ticked("webhooks", now),
        "broker": _broker(),
        **{name: check(now) for name, check in _more.items()},
    }


def worst(found: dict[str, Check]) -> str:
    return max((check.state for check in found.values()), key=STATES.index)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return False
    return True


def _migrations() -> Check:
    waiting = _waiting_migrations()
    return Check(DOWN, f"{waiting} not applied") if waiting else Check(OK)


def _waiting_migrations() -> int:
    """Remember only that nothing waits: that stays true for the code this process runs."""
    if _all_applied.cache_info().currsize:
        return 0
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        _all_applied()
    return waiting


@lru_cache
def _all_applied() -> bool:
    return True


def _ticked(name: str, now: datetime) -> Check:
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if last is None:
        return Check(DEGRADED, "never ran")
    age = now - last
    return Check(OK if age <= TICK_MAY_BE_OLD else DEGRADED, f"{age.total_seconds():.0f} s ago")


def _broker() -> Check:
    try:
        with Connection(
            settings.CELERY_BROKER_URL,
            transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        ) as broker:
            channel: Any = broker.default_channel
            channel.client.ping()
    except (BrokerError, RedisError, OSError):
        return Check(DEGRADED, "cannot be reached")
    return Check(OK)
