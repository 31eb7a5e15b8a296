"""`manage.py up` for real: in a closed folder with a long path, and with everything that can end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import pytest

from tests.stack.conftest import Run

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("up")]
PATIENCE_SECONDS = 60
STOP_SECONDS = 10


class Stack:
    """A started `manage.py up` whose output is read up to the line that says it serves."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.output = ""
        while "Ctrl-C stops it" not in self.output:
            line = process.stdout.readline()
            assert line, f"it ended before it served:\n{self.output}"
            self.output += line
        self.port = int(self.output.rpartition("127.0.0.1:")[2].split("/")[0])

    def status_of(self, path: str) -> int:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def family(self) -> dict[int, str]:
        return descendants(self.process.pid)

    def one(self, part: str) -> int:
        """Return the oldest process whose command contains a text and is not a guard."""
        commands = self.family().items()
        return min(
            pid for pid, command in commands if part in command and "guard.py" not in command
        )


def descendants(ancestor: int) -> dict[int, str]:
    """Return {pid: command} of every process below one."""
    rows = subprocess.check_output(["ps", "-wweo", "pid=,ppid=,args="], text=True).splitlines()
    processes = [row.split(None, 2) for row in rows]
    found: dict[int, str] = {}
    parents = {str(ancestor)}
    while parents:
        children = {pid: command for pid, parent, command in processes if parent in parents}
        found |= {int(pid): command for pid, command in children.items()}
        parents = set(children)
    return found


@pytest.fixture(scope="module")
def begin(
    checkout: Path, environment: dict[str, str]
) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Return a function that runs `up` in the copy; what still runs is killed at the end."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, checkout / "manage.py", "up", *arguments]
        begun.append(
            subprocess.Popen(
                command,
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        with process:
            process.kill()


@pytest.fixture
def start(begin: Callable[..., "subprocess.Popen[str]"]) -> Callable[..., Stack]:
    return lambda *arguments: Stack(begin(*arguments))


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    patience = monotonic() + seconds
    while not condition():
        assert monotonic() < patience, "it did not happen in time"


def nothing_is_left(family: dict[int, str]) -> bool:
    asked = ["ps", "-o", "stat=", "-p", ",".join(map(str, family))]
    states = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return all(state.startswith("Z") for state in states)


def test_up_serves_and_its_folder_knows_it(start: Callable[..., Stack], manage: Run) -> None:
    stack = start()

    assert stack.status_of("/healthz") == 200
    second = manage("up")
    assert (second.returncode, second.stdout) == (1, "")
    assert (
        second.stderr
        == f"Kamerton: already running here: http://127.0.0.1:{stack.port} (process {stack.process.pid}).\n"
    )
    assert f"Kamerton runs here: http://127.0.0.1:{stack.port}" in manage("doctor").stdout
    applied = manage("showmigrations", "contenttypes")
    assert "[X] 0001_initial" in applied.stdout
    assert "starting the embedded" not in applied.stderr

    os.kill(stack.one("gunicorn"), signal.SIGKILL)
    wait_until(lambda: "ended; the next start is in 1 s" in stack.process.stdout.readline(), 10)
    assert stack.status_of("/healthz") == 200

    family = stack.family()
    stack.process.kill()
    wait_until(lambda: nothing_is_left(family), STOP_SECONDS)


def test_up_stops_when_asked(start: Callable[..., Stack]) -> None:
    stack = start()
    family = stack.family()

    stack.process.send_signal(signal.SIGINT)

    assert stack.process.wait(STOP_SECONDS) == 0
    assert nothing_is_left(family)


def test_up_can_be_stopped_before_it_serves(begin: Callable[..., "subprocess.Popen[str]"]) -> None:
    process = begin()
    while "preparing the database" not in process.stdout.readline():
        continue
    family = descendants(process.pid)

    process.send_signal(signal.SIGTERM)

    output, _ = process.communicate(timeout=STOP_SECONDS)
    assert output.endswith("Kamerton: stopped before it was ready.\n")
    assert process.returncode == 0
    assert nothing_is_left(family)


def test_up_refuses_a_busy_port(manage: Run, busy_port: int) -> None:
    done = manage("up", "--port", str(busy_port))

    assert done.returncode == 2
    assert done.stderr == f"Kamerton: port {busy_port} is busy. Choose another with --port.\n"


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_up_refuses_what_is_no_port(manage: Run, port: str) -> None:
    done = manage("up", "--port", port)

    assert done.returncode == 2
    assert f"{port} is not a number from 1 to 65535" in done.stderr


def test_django_command_brings_its_own_engines(manage: Run) -> None:
    done = manage("showmigrations", "contenttypes")

    assert "0001_initial" in done.stdout
    assert "starting the embedded database" in done.stderr


def test_command_without_a_database_starts_none(manage: Run) -> None:
    done = manage("help", "migrate")

    assert done.returncode == 0
    assert done.stderr == ""
