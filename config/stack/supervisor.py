"""Keep the programs running until somebody asks to stop or an engine ends."""

import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from time import monotonic
from types import FrameType

from config.stack.console import Trouble, progress
from config.stack.port import HOST
from config.stack.process import Guarded, Program, start

LONGEST_PAUSE_SECONDS = 60
HEALTHY_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Ended:
    """An event: a program is no more."""

    program: Guarded


@dataclass(frozen=True)
class Stop:
    """An event: somebody wants everything to stop."""


@dataclass(frozen=True)
class Answered:
    """An event: the web server has answered its first request."""


Event = Ended | Stop | Answered


def on_stop_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    """Call the handler when somebody asks this process to stop; nohup keeps its meaning."""
    for number in STOP_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


@dataclass
class Service:
    """A program that is started again when it ends, later each time while it keeps failing."""

    program: Program
    running: Guarded | None = None
    started: float = 0
    failures: int = 0
    next_start: float = 0

    def begin(self) -> Guarded:
        self.running, self.started = start(self.program), monotonic()
        return self.running

    def postpone(self) -> float:
        """Return after how many seconds to start again: 1, 2, 4 … 60."""
        lasted = monotonic() - self.started
        self.running, self.failures = None, 1 if lasted > HEALTHY_SECONDS else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), LONGEST_PAUSE_SECONDS)
        self.next_start = monotonic() + pause
        return pause


@dataclass
class Supervisor:
    """Runs services beside engines; services are restarted, an engine's end ends everything."""

    engines: list[Guarded]
    services: list[Service]
    events: "SimpleQueue[Event]" = field(default_factory=SimpleQueue)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, port: int, announce: Callable[[], None]) -> None:
        """Return when asked to stop. Raises Trouble when an engine ends."""
        on_stop_signals(lambda *_: self.events.put(Stop()))
        for engine in self.engines:
            self._watch(engine)
        self._in_background(self._knock, port)
        try:
            self._handle_events(announce)
        finally:
            self._stop()

    def _handle_events(self, announce: Callable[[], None]) -> None:
        while True:
            match self._next_event():
                case Stop():
                    return
                case Answered():
                    announce()
                case Ended(program):
                    self._after_end(program)

    def _next_event(self) -> Event | None:
        """Start what is due, then wait for an event or for the next start."""
        for service in self._waiting():
            if service.next_start <= monotonic():
                self._watch(service.begin())
        pauses = [service.next_start - monotonic() for service in self._waiting()]
        with suppress(Empty):
            return self.events.get(timeout=max(0, min(pauses)) if pauses else None)
        return None

    def _waiting(self) -> list[Service]:
        return [service for service in self.services if service.running is None]

    def _after_end(self, ended: Guarded) -> None:
        program = ended.program
        for service in self.services:
            if service.running is ended:
                pause = service.postpone()
                progress(
                    f"the {program.name} ended; the next start is in {pause:.0f} s. {program.ending}"
                )
                return
        raise Trouble(f"{program.name} ended, so everything stops. {program.ending}")

    def _watch(self, program: Guarded) -> None:
        def wait() -> None:
            program.wait()
            self.events.put(Ended(program))

        self._in_background(wait)

    def _knock(self, port: int) -> None:
        """Ask for a page that touches nothing until there is an answer; connections queue up."""
        while not self.over.is_set():
            with suppress(OSError, HTTPException):
                with closing(HTTPConnection(HOST, port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse()
                self.events.put(Answered())
                return

    def _in_background(self, task: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=task, args=arguments, daemon=True).start()

    def _stop(self) -> None:
        progress("stopping …")
        self.over.set()
        running = [service.running for service in self.services if service.running]
        for program in running:
            program.let_go()
        for program in running:
            program.wait()
