"""The port of the web server, held from the start so that nobody takes it meanwhile."""

import socket

from config.stack.console import Trouble, progress

HOST = "127.0.0.1"
DEFAULT = 8000
TRIED = 50
HIGHEST = 65535
BUSY = 2


def listen(asked: int | None) -> socket.socket:
    """Return a listening socket on the port asked for, otherwise on the first free one from 8000.

    Raises Trouble with exit code 2 when there is none.
    """
    if asked is None:
        return listen_from(DEFAULT, TRIED)
    return listen_from(asked, 1)


def listen_from(first: int, count: int) -> socket.socket:
    for port in range(first, first + count):
        if listener := _listen_on(port):
            if port != first:
                progress(f"port {first} is busy; using {port}.")
            return listener
    raise Trouble(f"port {first} is busy. Choose another with --port.", BUSY)


def is_free(port: int) -> bool:
    listener = _listen_on(port)
    if listener:
        listener.close()
    return listener is not None


def _listen_on(port: int) -> socket.socket | None:
    try:
        return socket.create_server((HOST, port), backlog=256)
    except PermissionError:
        raise Trouble(f"port {port} is reserved for the system. Choose one above 1023.") from None
    except OSError:
        return None
