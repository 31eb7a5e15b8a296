"""The guard really ends what it guards; nothing here is pretended."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from config.stack.folder import Folder
from config.stack.process import Guarded, Program, start

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
print(os.getpid(), flush=True)
time.sleep(60)
"""
MASTER = """
import os, sys, time
if os.fork() == 0:
    print(os.getpid(), flush=True)
    time.sleep(60)
time.sleep(0.2)
os._exit(3)
"""
ASKER = """
import os, signal, sys
from pathlib import Path
from config.stack.folder import Folder
from config.stack.process import Program, start
folder = Folder(Path(sys.argv[1]))
log = folder.log("sleeper")
start(Program("sleeper", [sys.executable, "-c", sys.argv[2]], log, os.environ, folder.path, grace=0.3))
while log.read_text().count("\\n") < 2:
    continue
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def run(folder: Folder):
    def run(code: str, **options: float) -> Guarded:
        command = [sys.executable, "-c", code]
        return start(
            Program("sleeper", command, folder.log("sleeper"), os.environ, folder.path, **options)
        )

    return run


def pids(folder: Folder, count: int) -> list[int]:
    """Return the process ids that the program logs, once there are that many."""
    patience = monotonic() + 10
    while len(found := folder.log("sleeper").read_text().split()) < count:
        assert monotonic() < patience
    return [int(pid) for pid in found]


def wait_for_end(pid: int) -> None:
    patience = monotonic() + 10
    while is_alive(pid):
        assert monotonic() < patience, f"process {pid} goes on"


def is_alive(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return bool(state) and not state.startswith("Z")


def test_exit_code_is_passed_on(run) -> None:
    assert run("raise SystemExit(7)").wait(10) == 7


def test_death_by_a_signal_is_passed_on_as_a_shell_would(run) -> None:
    assert run("import os; os.kill(os.getpid(), 9)").wait(10) == 128 + signal.SIGKILL


def test_polite_program_ends_when_let_go(run) -> None:
    program = run("import time; time.sleep(60)")

    program.stop()

    assert not program.is_running


def test_stubborn_program_is_killed_with_its_children(run, folder: Folder) -> None:
    program = run(STUBBORN, grace=0.2)
    family = pids(folder, 2)

    program.stop()

    for pid in family:
        wait_for_end(pid)


def test_children_do_not_outlive_their_master(run, folder: Folder) -> None:
    program = run(MASTER)
    (child,) = pids(folder, 1)

    assert program.wait(10) == 3

    wait_for_end(child)


def test_killed_asker_leaves_nothing_running(folder: Folder) -> None:
    root = Path(__file__).resolve().parents[2]
    code = STUBBORN.replace("60", "600")

    asked = subprocess.run([sys.executable, "-c", ASKER, folder.path, code], cwd=root, check=False)

    assert asked.returncode == -signal.SIGKILL
    for pid in pids(folder, 2):
        wait_for_end(pid)


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_killed_guard_takes_its_program_along(run, folder: Folder) -> None:
    program = run("import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    (pid,) = pids(folder, 1)

    os.kill(parent(pid), signal.SIGKILL)

    wait_for_end(pid)
    program.wait(10)


def parent(pid: int) -> int:
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(pid)]))
