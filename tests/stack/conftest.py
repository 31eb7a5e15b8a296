"""A copy of the project in places that are hard to live in, and programs that run there."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.stack.folder import Folder, throwaway_folder

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = (".*", "var", "tests", "docs", "__pycache__", "load_demo.py")
LONG_NAME = "a folder with a long name, spaces, commas and Кириллица in it"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder() -> Iterator[Folder]:
    with throwaway_folder() as folder:
        folder.make()
        yield folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a copy of the project in a folder that only its owner may enter, with a long path."""
    private = tmp_path_factory.mktemp("private")
    private.chmod(0o700)
    copy = private / LONG_NAME / "kamerton"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
    yield copy
    shutil.rmtree((copy / "var" / "postgres").resolve(), ignore_errors=True)


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Return our environment without the engines that these very tests run on."""
    ours = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "BASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.fixture(scope="module")
def manage(checkout: Path, environment: dict[str, str]) -> Run:
    """Return a function that runs manage.py of the copy to its end."""

    def run(*arguments: str, **extra: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, checkout / "manage.py", *arguments]
        return subprocess.run(
            command, env=environment | extra, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]
