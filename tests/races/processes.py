"""Runs a function in several processes at once, each with its own connection to the test database."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.db import connection


def in_processes(count: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Return what the function, importable by name, returned in each process.

    All start it at the same moment. An exception of a process is raised here.
    """
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        start = manager.Barrier(count)
        database = connection.settings_dict["NAME"]
        job = [(database, start, function, arguments)] * count
        with context.Pool(count, initializer=_prepare, initargs=(database,)) as pool:
            return pool.map(_run, job, chunksize=1)


def _prepare(database: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def _run(job: tuple[str, Any, Callable[..., Any], tuple[Any, ...]]) -> Any:
    _database, start, function, arguments = job
    connection.ensure_connection()
    start.wait(timeout=60)
    return function(*arguments)
