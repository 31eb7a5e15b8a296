"""Where the embedded engines keep their data, logs and sockets."""

import hashlib
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.stack.console import Trouble, progress
from config.stack.process import Owner

ROOT = Path(__file__).resolve().parents[2]
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
LOG_BYTES = 10_000_000
PRIVATE = 0o700


@dataclass(frozen=True)
class Folder:
    """The folder of one embedded stack: `var` of the checkout, or a throw-away one for tests."""

    path: Path

    def make(self) -> None:
        try:
            for folder in (self.path, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / ".writable").touch()
                (folder / ".writable").unlink()
        except PermissionError:
            raise Trouble(f"{self.path} belongs to another user: start Kamerton as them.") from None

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def run(self) -> Path:
        return self.path / "run"

    def log(self, name: str) -> Path:
        """Return the log file of a program; a long one is set aside first."""
        log = self.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        log.touch()
        return log

    def home(self, name: str, owner: Owner | None) -> Path:
        """Return a private folder for an engine's data, made if it is missing.

        An engine that runs as another user cannot enter a checkout below, say, a 0700 home: its
        data then live in the system's place for them, behind a symbolic link.
        """
        home = self.path / name
        if not home.exists():
            home.unlink(missing_ok=True)  # a link whose target was removed
            if can_enter(self.path.resolve(), owner):
                home.mkdir(mode=PRIVATE)
            else:
                home.symlink_to(tempfile.mkdtemp(prefix="kamerton-", dir="/var/lib"))
                progress(f"the database's user cannot enter {self.path}; see {home.resolve()}.")
            if owner:
                os.chown(home, owner.uid, owner.gid)
        return home.resolve()

    def sockets(self, home: Path) -> Path:
        """Return a folder for the sockets of an engine: its home, or a short one if that won't do."""
        short = short_place(home)
        return private_folder(short, home.stat()) if short else home

    def forget_sockets(self) -> None:
        """Remove the short folders; a killed stack leaves them to the next one."""
        for home in self.path.glob("*/"):
            if short := short_place(home.resolve()):
                with suppress(OSError):
                    short.rmdir()

    def secret_key(self) -> str:
        """Return the key of this folder, made at the first start."""
        file = self.path / "secret_key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(64))
        return file.read_text()


@contextmanager
def throwaway_folder() -> Iterator[Folder]:
    """Yield a folder that is removed afterwards, wherever its engines had to put their data."""
    path = Path(tempfile.mkdtemp(prefix="kamerton-"))
    path.chmod(0o711)  # an engine that runs as another user must get through
    try:
        yield Folder(path)
    finally:
        for place in ((path / "postgres").resolve(), path):
            shutil.rmtree(place, ignore_errors=True)


def short_place(home: Path) -> Path | None:
    """Return where sockets go whose path would be too long, or no valid address; None if it is."""
    fits = len(os.fsencode(home)) + LONGEST_SOCKET_NAME <= SOCKET_PATH_BYTES
    if fits and "," not in str(home):  # a comma separates hosts for PostgreSQL
        return None
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path("/tmp") / f"kamerton-{name}"  # noqa: S108 -- private_folder checks that it is ours


def can_enter(folder: Path, owner: Owner | None) -> bool:
    """Tell whether another user may pass through every folder of a path, by its permission bits."""
    if owner is None:
        return True
    return all(_may_pass(step.stat(), owner) for step in (folder, *folder.parents))


def _may_pass(folder: os.stat_result, owner: Owner) -> bool:
    needed = stat.S_IXUSR if folder.st_uid == owner.uid else stat.S_IXOTH
    return bool(folder.st_mode & needed)


def private_folder(path: Path, like: os.stat_result) -> Path:
    """Make a 0700 folder of the same owner; refuse one that somebody else has prepared."""
    try:
        path.mkdir(mode=PRIVATE)
        os.chown(path, like.st_uid, like.st_gid)
    except FileExistsError:
        found = path.lstat()
        if (
            found.st_uid != like.st_uid
            or stat.S_IMODE(found.st_mode) != PRIVATE
            or path.is_symlink()
        ):
            raise Trouble(f"{path} is not ours. Remove it and start again.") from None
    return path
