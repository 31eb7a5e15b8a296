"""Fires due timers and delivers mail without a broker; may run beside Celery."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from core import mail, timers

SECONDS = 10
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Fire due timers and deliver mail once, or with --loop until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help=f"repeat every {SECONDS} s")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        if not loop:
            self._run_once()
            return
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            self._try_once()
            stopped.wait(SECONDS)

    def _try_once(self) -> None:
        """Outlive a database that is away for a while; the rows wait."""
        try:
            self._run_once()
        except (OperationalError, InterfaceError):
            log.exception("timers_wait_for_the_database")
        close_old_connections()

    def _run_once(self) -> None:
        fired, sent = timers.run_due(timezone.now()), mail.deliver_due(timezone.now())
        self.stdout.write(f"{fired} timers fired, {sent} mails sent")
