"""The embedded Valkey server: message broker and cache."""

import os
import socket
from contextlib import suppress
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from config.stack.binaries import BROKER_ADVICE, broker_binaries
from config.stack.console import Trouble
from config.stack.folder import Folder
from config.stack.process import Guarded, Program, start, wait_until_ready

STARTUP_SECONDS = 30
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "yes",
    # A queue must refuse rather than forget.
    "maxmemory-policy": "noeviction",
}
FAST_SETTINGS = {"appendonly": "no"}


def start_broker(folder: Folder, lock: int, *, fast: bool) -> tuple[Guarded, str]:
    """Run the server over the data of a folder; return it and its REDIS_URL.

    fast -- nothing is written to disk. Raises Trouble when there is no server or it does not start.
    """
    binary = next(broker_binaries(), None)
    if binary is None:
        raise Trouble(f"no Valkey or Redis server was found. Get one: {BROKER_ADVICE}.")
    home = folder.home("valkey", None)
    address = folder.sockets(home) / "valkey.sock"
    settings = SETTINGS | {"unixsocket": str(address), "dir": str(home)}
    settings |= FAST_SETTINGS if fast else {}
    program = Program(
        name="valkey",
        command=[binary.path, *chain(*((f"--{name}", value) for name, value in settings.items()))],
        log=folder.log("valkey"),
        environment=dict(os.environ),
        folder=home,
        inherits=(lock,),
    )
    server = start(program)
    wait_until_ready(server, lambda: answers(address), STARTUP_SECONDS)
    return server, f"unix://{quote(str(address))}?db=0"


def answers(address: Path) -> bool:
    """Tell whether a server says PONG; one that still reads its data says LOADING."""
    with socket.socket(socket.AF_UNIX) as connection, suppress(OSError):
        connection.settimeout(1)
        connection.connect(str(address))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
