import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.stack.claim import Tenant, claim, tenant_of
from config.stack.console import Trouble
from config.stack.folder import LOG_BYTES, SOCKET_PATH_BYTES, Folder, can_enter, private_folder
from config.stack.process import Owner

HOLD = """
import sys
from pathlib import Path
from config.stack.claim import claim
from config.stack.folder import Folder
with claim(Folder(Path(sys.argv[1])), "shell"):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).resolve().parents[2]
NOBODY = Owner.named("nobody")


def test_long_path_gets_a_short_private_folder_for_sockets(tmp_path: Path) -> None:
    home = tmp_path / ("x" * SOCKET_PATH_BYTES)
    home.mkdir()
    folder = Folder(tmp_path)

    sockets = folder.sockets(home)

    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert folder.sockets(home) == sockets
    folder.forget_sockets()
    assert not sockets.exists()


def test_folder_prepared_by_somebody_else_is_refused(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    trap.chmod(0o777)

    with pytest.raises(Trouble, match="is not ours"):
        private_folder(trap, tmp_path.stat())


def test_other_user_cannot_enter_below_a_closed_folder(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "open"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)

    assert can_enter(Path("/"), NOBODY)
    assert not can_enter(inner, NOBODY)
    assert can_enter(inner, None)


def test_secret_key_is_made_once_for_its_owner_only(folder: Folder) -> None:
    key = folder.secret_key()

    assert len(key) >= 50
    assert folder.secret_key() == key
    assert stat.S_IMODE((folder.path / "secret_key").stat().st_mode) == 0o600


def test_long_log_is_set_aside(folder: Folder) -> None:
    folder.log("web").write_bytes(b"x" * (LOG_BYTES + 1))

    assert folder.log("web").stat().st_size == 0
    assert (folder.logs / "web.log.1").stat().st_size > LOG_BYTES


def test_folder_has_one_tenant_at_a_time(folder: Folder) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, folder.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"

        with (
            pytest.raises(Trouble, match=rf"`manage.py shell` \(process {holder.pid}\)"),
            claim(folder, "up"),
        ):
            pass

        assert tenant_of(folder) == Tenant(holder.pid, "shell")


def test_folder_is_free_after_its_tenant(folder: Folder) -> None:
    with claim(folder, "shell"):
        pass

    assert tenant_of(folder) is None


def test_running_stack_tells_its_address(folder: Folder) -> None:
    with claim(folder, "up") as held:
        held.publish(Tenant(os.getpid(), "up", "http://127.0.0.1:8000"))

        with (
            pytest.raises(Trouble, match=r"already running here: http://127\.0\.0\.1:8000"),
            claim(folder, "up"),
        ):
            pass
