"""The engines that a command needs: those the environment names, and embedded ones for the rest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from config.stack.broker import start_broker
from config.stack.console import Trouble, progress
from config.stack.folder import Folder
from config.stack.postgres import start_postgres
from config.stack.process import Guarded


class Starter(Protocol):
    def __call__(self, folder: Folder, lock: int, *, fast: bool) -> tuple[Guarded, str]: ...


STARTERS: dict[str, tuple[str, Starter]] = {
    "DATABASE_URL": ("database", start_postgres),
    "REDIS_URL": ("broker", start_broker),
}


@dataclass
class Engines:
    """Running embedded engines and the environment variables that lead to them."""

    running: list[Guarded] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)

    def stop(self) -> None:
        for engine in self.running:
            engine.let_go()
        for engine in self.running:
            engine.wait()


def missing_engines() -> list[str]:
    """Return the variables that the environment does not set. Raises Trouble in production."""
    missing = [variable for variable in STARTERS if not os.environ.get(variable)]
    if missing and os.environ.get("KAMERTON_ENV") == "production":
        raise Trouble(f"{missing[0]} is not set, and embedded engines are not for production.")
    return missing


@contextmanager
def embedded_engines(folder: Folder, lock: int, *, fast: bool = False) -> Iterator[Engines]:
    """Start the engines that the environment does not name; stop them at the end."""
    engines = Engines()
    try:
        for variable in missing_engines():
            title, starter = STARTERS[variable]
            progress(f"starting the embedded {title} …")
            engine, url = starter(folder, lock, fast=fast)
            engines.running.append(engine)
            engines.urls[variable] = url
        yield engines
    finally:
        engines.stop()
        folder.forget_sockets()
