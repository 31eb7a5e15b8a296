"""Child processes that cannot outlive this one."""

import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any, Self

from config.stack.console import Trouble

GUARD = Path(__file__).with_name("guard.py")
TAIL_LINES = 12


@dataclass(frozen=True)
class Owner:
    """The user an engine runs as, when it is not the one who started Kamerton."""

    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> Self:
        user = pwd.getpwnam(name)
        return cls(user.pw_uid, user.pw_gid)

    @classmethod
    def of(cls, path: Path) -> Self:
        found = path.stat()
        return cls(found.st_uid, found.st_gid)

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments of subprocess.run that make a command run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def __str__(self) -> str:
        return f"{self.uid}:{self.gid}"


@dataclass(frozen=True)
class Program:
    """What to run, and how to end it: `stop_signal`, then after `grace` seconds no mercy.

    inherits -- descriptors the program keeps open: a listening socket, a lock.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    owner: Owner | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 4.0
    inherits: tuple[int, ...] = ()

    @property
    def ending(self) -> str:
        """The end of its log, as a sentence for the terminal."""
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n    ".join([f"{self.log} ends:", *lines])


class Guarded:
    """A running program under a guard, which ends it when this process lets go or is killed."""

    def __init__(self, program: Program, guard: subprocess.Popen[bytes]) -> None:
        self.program = program
        self._guard = guard

    @property
    def is_running(self) -> bool:
        return self._guard.poll() is None

    def wait(self, seconds: float | None = None) -> int | None:
        """Return the exit code, or None when the program still runs after `seconds`."""
        with suppress(subprocess.TimeoutExpired):
            code = self._guard.wait(seconds)
            self.let_go()
            return code
        return None

    def let_go(self) -> None:
        """Ask for the end without waiting for it."""
        if self._guard.stdin:
            self._guard.stdin.close()

    def stop(self) -> None:
        self.let_go()
        self.wait()


def wait_until_ready(engine: Guarded, is_ready: Callable[[], bool], seconds: float) -> None:
    """Raise Trouble with the end of its log when an engine ends, or is not ready in time."""
    patience = monotonic() + seconds
    while not is_ready():
        if engine.wait(0.03) is not None or monotonic() > patience:
            raise Trouble(f"{engine.program.name} did not start. {engine.program.ending}")


def start(program: Program, output: IO[bytes] | None = None) -> Guarded:
    """Run a program under its own guard, logging to its log file or to `output`."""
    orders = [str(int(program.stop_signal)), str(program.grace), str(program.owner or "-")]
    with program.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", GUARD, *orders, *program.command],
            stdin=subprocess.PIPE,
            stdout=output or log,
            stderr=None if output else log,
            cwd=program.folder,
            env=program.environment,
            pass_fds=program.inherits,
            start_new_session=True,  # Ctrl-C reaches this process only
        )
    return Guarded(program, process)


def run(
    command: Sequence[str | Path],
    owner: Owner | None = None,
    environment: Mapping[str, str] | None = None,
) -> "subprocess.CompletedProcess[str]":
    """Run a short command to its end (as that owner) and return what it printed."""
    identity = owner.identity if owner else {}
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False, **identity
    )
    return done


def first_line(command: Sequence[str | Path], owner: Owner | None = None) -> str:
    """Return the first line a short command prints, "" when it cannot run (as that owner)."""
    try:
        return run(command, owner).stdout.partition("\n")[0]
    except OSError:
        return ""
