"""`manage.py up`: everything that Kamerton needs, under one parent."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config.stack.claim import Claim, Tenant, claim
from config.stack.console import Trouble, progress, say
from config.stack.engines import embedded_engines
from config.stack.folder import ROOT, Folder
from config.stack.port import DEFAULT, HIGHEST, HOST, listen
from config.stack.process import Program, start
from config.stack.supervisor import Service, Supervisor, on_stop_signals

CELERY = (sys.executable, "-m", "celery", "-A", "config", "--quiet")
WORKER = (*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle")
BEAT = (*CELERY, "beat", "--pidfile=")
GUNICORN = (sys.executable, "-m", "gunicorn", "config.wsgi", "--preload", "--no-control-socket")
WEB = (*GUNICORN, "--worker-class=gthread", "--workers=2", "--threads=8", "--graceful-timeout=3")


@dataclass(frozen=True)
class Stack:
    """The programs of one folder and the environment they share."""

    folder: Folder
    environment: dict[str, str]
    web_socket: int

    @property
    def services(self) -> list[Service]:
        web = [*WEB, f"--bind=fd://{self.web_socket}"]
        programs = [
            self.program("web server", web, self.web_socket),
            self.program("worker", WORKER),
            self.program("scheduler", BEAT),
        ]
        return [Service(program) for program in programs]

    def program(self, name: str, command: Sequence[str | Path], *inherits: int) -> Program:
        return Program(
            name=name,
            command=command,
            log=self.folder.log(name.replace(" ", "-")),
            environment=self.environment,
            folder=ROOT,
            inherits=inherits,
        )

    def prepare(self) -> str:
        """Migrate, load the demo world into an empty database; return what it wants to be told."""
        progress("preparing the database …")
        welcome = self.folder.run / "welcome.txt"
        with welcome.open("wb") as output:
            command = [sys.executable, "-m", "config.stack.prepare"]
            preparation = start(self.program("preparation", command), output)
            try:
                failed = preparation.wait()
            except KeyboardInterrupt:
                # Before the engines stop, or it would complain that they are gone.
                preparation.stop()
                raise
            if failed:
                raise Trouble("the database could not be prepared; the reason is above.")
        return welcome.read_text().strip()


def up(arguments: list[str], folder: Folder) -> int:
    """Serve until asked to stop; return the exit code. Raises Trouble when it cannot."""
    asked = read(arguments).port
    on_stop_signals(interrupt)
    try:
        with claim(folder, "up") as held, listen(asked) as web_socket:
            serve(folder, held, web_socket)
    except KeyboardInterrupt:
        progress("stopped before it was ready.")
    return 0


def read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start and serve Kamerton.")
    what = f"port of the web server; {DEFAULT} or the next free one when not given"
    parser.add_argument("--port", type=port_number, metavar="N", help=what)
    return parser.parse_args(arguments)


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {HIGHEST}")
    return int(text)


def serve(folder: Folder, held: Claim, web_socket: socket.socket) -> None:
    port = web_socket.getsockname()[1]
    address = f"http://{HOST}:{port}"
    with embedded_engines(folder, held.lock) as engines:
        defaults = {"SECRET_KEY": folder.secret_key(), "BASE_URL": address}
        environment = {**defaults, **os.environ, **engines.urls, "PYTHONUNBUFFERED": "1"}
        stack = Stack(folder, environment, web_socket.fileno())
        welcome = stack.prepare()
        held.publish(Tenant(os.getpid(), "up", address, engines.urls))
        progress("starting the web server, the worker and the scheduler …")
        supervisor = Supervisor(engines.running, stack.services)
        supervisor.run(port, lambda: greet(address, welcome, folder))


def greet(address: str, welcome: str, folder: Folder) -> None:
    say(f"\nKamerton is at {address}/\n")
    if welcome:
        say(f"{welcome}\n")
    say(f"Ctrl-C stops it. Logs are in {folder.logs}.")


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
