"""Fires due timers, delivers mail and webhooks, reads mailboxes without a broker.

May run beside Celery.
"""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from core import mail, timers
from core.ticks import Tick, ticks
from core.webhooks import relay

SECONDS = 10
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Fire due timers, deliver mail and webhooks, read mailboxes once, or with --loop until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help=f"repeat every {SECONDS} s")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        if not loop:
            for work, _seconds in self._all():
                work()
            return
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        # Each by itself, for a server that hangs must not hold up deadlines.
        first, *others = self._all()
        beside = [Thread(target=self._repeat, args=(*each, stopped)) for each in others]
        for thread in beside:
            thread.start()
        self._repeat(*first, stopped)
        for thread in beside:
            thread.join()

    def _all(self) -> list[tuple[Callable[[], None], int]]:
        """Return each work with the seconds between two runs, deadlines first."""
        of_apps = [(partial(self._do, tick), tick.seconds) for tick in ticks()]
        return [(self._run_due, SECONDS), (self._tell_programs, SECONDS), *of_apps]

    def _repeat(self, work: Callable[[], None], seconds: int, stopped: Event) -> None:
        while not stopped.is_set():
            self._try(work)
            stopped.wait(seconds)

    def _try(self, work: Callable[[], None]) -> None:
        """Outlive a database that is away for a while; the rows wait."""
        try:
            work()
        except (OperationalError, InterfaceError):
            log.exception("timers_wait_for_the_database")
        close_old_connections()

    def _run_due(self) -> None:
        fired, sent = timers.run_due(timezone.now()), mail.deliver_due(timezone.now())
        self.stdout.write(f"{fired} timers fired, {sent} mails sent")

    def _do(self, tick: Tick) -> None:
        self.stdout.write(f"{tick.work(timezone.now())} {tick.says}")

    def _tell_programs(self) -> None:
        self.stdout.write(f"{relay.deliver_due(timezone.now())} events sent")
