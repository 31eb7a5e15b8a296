"""The embedded PostgreSQL server."""

import os
import shutil
import signal
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2

from config.stack.binaries import POSTGRES_ADVICE, Binary, postgres_binaries, version_of
from config.stack.console import Trouble
from config.stack.folder import Folder
from config.stack.process import Guarded, Owner, Program, run, start, wait_until_ready

NAME = "kamerton"
STARTUP_SECONDS = 60
FIRST_MAJOR_WITH_OWN_LOCALES = 17
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # Containers often give /dev/shm too little room for the default.
    "dynamic_shared_memory_type": "mmap",
}
# For databases that are thrown away: nothing survives a crash, and nothing has to.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start_postgres(folder: Folder, lock: int, *, fast: bool) -> tuple[Guarded, str]:
    """Run the server over the data of a folder; return it and its DATABASE_URL.

    fast -- the data need not survive a crash. Raises Trouble when there is no server to run, when
    the data are of another major version, or when it does not start.
    """
    # PostgreSQL refuses to run as root.
    home = folder.home("postgres", Owner.named("nobody") if os.geteuid() == 0 else None)
    owner = Owner.of(home) if os.geteuid() == 0 else None
    binary = within_reach(binary_for(home / "data"), home, owner)
    if not (home / "data").exists():
        make_data(binary, home / "data", owner, fast=fast)
    sockets = folder.sockets(home)
    program = Program(
        name="postgres",
        command=[binary.path, "-D", home / "data", *options(sockets, fast=fast)],
        log=folder.log("postgres"),
        environment=environment(),
        folder=Path("/"),
        owner=owner,
        stop_signal=signal.SIGINT,
        inherits=(lock,),
    )
    server = start(program)
    wait_until_ready(server, lambda: accepts_connections(sockets), STARTUP_SECONDS)
    make_database(sockets)
    return server, f"postgresql://{NAME}@/{NAME}?host={quote(str(sockets))}"


def options(sockets: Path, *, fast: bool) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": f'"{sockets}"'}
    settings |= FAST_SETTINGS if fast else {}
    return [f"--{name}={value}" for name, value in settings.items()]


def binary_for(data: Path) -> Binary:
    """Return the server that can read the data; the preferred one when there are none yet."""
    found = list(postgres_binaries())
    if not found:
        raise Trouble(f"no PostgreSQL server was found. Get one: {POSTGRES_ADVICE}.")
    if not data.exists():
        return found[0]
    major = (data / "PG_VERSION").read_text().strip()
    for binary in found:
        if binary.major == major:
            return binary
    raise Trouble(
        f"the data in {data} were written by PostgreSQL {major}, and here is {found[0].version}. "
        f"Start a PostgreSQL {major} over them and set DATABASE_URL to it, or dump them with its "
        f"pg_dump, move {data} away and load the dump."
    )


def within_reach(binary: Binary, home: Path, owner: Owner | None) -> Binary:
    """Return a server that its owner may execute: a copy, when the environment is closed to it."""
    if owner is None or version_of(binary.path, owner):
        return binary
    package = binary.path.parents[2]
    engine = home / f"engine-{binary.version}"
    if not engine.exists():
        draft = home / "engine.new"
        shutil.rmtree(draft, ignore_errors=True)
        # The libraries are found relative to the package, so they move together.
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.with_name(name), draft / name, symlinks=True)
        hand_over(draft, owner)
        draft.rename(engine)
    return Binary(engine / package.name / binary.path.relative_to(package), binary.version)


def hand_over(folder: Path, owner: Owner) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def make_data(binary: Binary, data: Path, owner: Owner | None, *, fast: bool) -> None:
    """Run initdb beside the final place, so that an interrupted one leaves nothing half made."""
    draft = data.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    wanted = ["-U", NAME, "--auth=trust", "--encoding=UTF8", *locale_options(binary)]
    wanted += ["--no-sync"] if fast else []
    done = run([binary.path.with_name("initdb"), "-D", draft, *wanted], owner, environment())
    if done.returncode:
        raise Trouble(f"PostgreSQL could not make its data folder:\n{done.stderr}")
    draft.rename(data)


def locale_options(binary: Binary) -> list[str]:
    """Case and sorting that know Cyrillic, the same on every machine."""
    if int(binary.major) < FIRST_MAJOR_WITH_OWN_LOCALES:
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]


def environment() -> dict[str, str]:
    """Ours, without what would lead the server or a connection elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def accepts_connections(sockets: Path) -> bool:
    try:
        connect(sockets).close()
    except psycopg2.OperationalError:
        return False
    return True


def make_database(sockets: Path) -> None:
    with closing(connect(sockets)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {NAME}")


def connect(sockets: Path) -> psycopg2.extensions.connection:
    connection = psycopg2.connect(host=str(sockets), port=5432, user=NAME, dbname="postgres")
    connection.autocommit = True
    return connection
