"""One owner of a folder's engines at a time, and how others find them."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, sleep

from config.stack.console import Trouble
from config.stack.folder import Folder

PREDECESSOR_SECONDS = 20


@dataclass(frozen=True)
class Tenant:
    """Who runs the engines of a folder: its process, what it was asked, where it answers."""

    pid: int
    command: str
    address: str = ""
    engines: dict[str, str] = field(default_factory=dict)

    @property
    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


@dataclass(frozen=True)
class Claim:
    """The right to run engines in a folder; engines inherit `lock`, so that it outlives a kill."""

    lock: int
    record: Path

    def publish(self, tenant: Tenant) -> None:
        draft = self.record.with_suffix(".new")
        draft.write_text(json.dumps(asdict(tenant)))
        draft.replace(self.record)


def tenant_of(folder: Folder) -> Tenant | None:
    """Return who runs the engines of a folder now, None when nobody does."""
    try:
        with (folder.run / "lock").open() as lock:
            tenant = None if _take(lock.fileno()) else _read(folder)
    except FileNotFoundError:
        return None
    return tenant if tenant and tenant.is_alive else None


@contextmanager
def claim(folder: Folder, command: str) -> Iterator[Claim]:
    """Hold a folder. Raises Trouble when somebody runs there; waits for engines of a killed one."""
    folder.make()
    with (folder.run / "lock").open("a") as lock:
        _wait_for_predecessor(folder, lock.fileno())
        mine = Claim(lock.fileno(), folder.run / "tenant.json")
        mine.publish(Tenant(os.getpid(), command))
        yield mine
        mine.record.unlink()


def _wait_for_predecessor(folder: Folder, lock: int) -> None:
    patience = monotonic() + PREDECESSOR_SECONDS
    while not _take(lock):
        tenant = _read(folder)
        if tenant and tenant.is_alive:
            raise Trouble(_occupied(tenant))
        if monotonic() > patience:
            raise Trouble(f"Engines of an earlier start still hold {folder.path}. End them first.")
        sleep(0.1)  # the system has no flock with a timeout


def _occupied(tenant: Tenant) -> str:
    if tenant.address:
        return f"already running here: {tenant.address} (process {tenant.pid})."
    return f"`manage.py {tenant.command}` (process {tenant.pid}) is using this folder's engines."


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(folder: Folder) -> Tenant | None:
    try:
        return Tenant(**json.loads((folder.run / "tenant.json").read_text()))
    except FileNotFoundError:
        return None
