"""Run one command and end it when whoever asked for it is gone.

A script of its own, started by `process.start`: `guard.py SIGNAL GRACE OWNER COMMAND…`.
Its standard input is a pipe that only the asking process holds open. When the pipe closes, because
the asker closed it or was killed, the command gets SIGNAL and, GRACE seconds later, its process
group is killed. OWNER is "uid:gid", or "-" to stay who we are.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def main() -> int:
    number, grace, owner, *command = sys.argv[1:]
    keep_on_through_signals()
    child = launch(command, owner, signal.Signals(int(number)))
    ended = threading.Event()
    order = (child, signal.Signals(int(number)), float(grace), ended)
    threading.Thread(target=end_with_asker, args=order, daemon=True).start()
    code = child.wait()
    ended.set()
    kill_group(child)  # workers that outlived their master
    return code if code >= 0 else 128 - code


def keep_on_through_signals() -> None:
    """Leave it to the pipe to say when to stop."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The command would inherit SIG_IGN, but not a handler.
        signal.signal(number, lambda *_: None)


def launch(command: list[str], owner: str, number: signal.Signals) -> subprocess.Popen[bytes]:
    uid, gid = (None, None) if owner == "-" else map(int, owner.split(":"))
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        close_fds=False,  # what the asker lets us inherit (a listening socket, a lock) is meant for it
        process_group=0,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        preexec_fn=die_with_guard(number),  # noqa: PLW1509 -- no thread is running yet
    )


def die_with_guard(number: signal.Signals) -> Callable[[], None] | None:
    """Return what makes Linux signal the command if this guard itself is killed.

    Python runs it after the change of user, which would clear it.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, number)


def end_with_asker(
    child: subprocess.Popen[bytes], number: signal.Signals, grace: float, ended: threading.Event
) -> None:
    while os.read(sys.stdin.fileno(), 1):
        continue
    child.send_signal(number)
    if not ended.wait(grace):
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS refuses where only zombies are left
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
