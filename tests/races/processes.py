"""Runs functions in processes of their own, each with its own connection to the test database.

All are forked from one process that has loaded Django and holds no connection: a new one costs
a fraction of starting Python anew.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.conf import settings
from django.db import connection

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "tests.races.loaded"])


def in_processes(count: int, function: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Return what the function, importable by name, returned in each process.

    All start it at the same moment. An exception of a process is raised here.
    """
    with CONTEXT.Manager() as manager:
        start = manager.Barrier(count)
        database = connection.settings_dict["NAME"]
        job = [(start, function, arguments)] * count
        with CONTEXT.Pool(count, initializer=_prepare, initargs=(database,)) as pool:
            return pool.map(_run, job, chunksize=1)


def start_process(function: Callable[..., Any], *arguments: Any) -> BaseProcess:
    """Start the function, importable by name, in a process that the test may kill."""
    job = (connection.settings_dict["NAME"], function, arguments)
    process = CONTEXT.Process(target=_run_alone, args=job, daemon=True)
    process.start()
    return process


def _prepare(database: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def _run(job: tuple[Any, Callable[..., Any], tuple[Any, ...]]) -> Any:
    start, function, arguments = job
    connection.ensure_connection()
    start.wait(timeout=60)
    return function(*arguments)


def _run_alone(database: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    _prepare(database)
    function(*arguments)
