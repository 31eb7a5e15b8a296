import os
import signal
import sys
from collections.abc import Iterator
from time import monotonic

import pytest

from config.stack.console import Trouble
from config.stack.folder import Folder
from config.stack.process import Program, start
from config.stack.supervisor import (
    HEALTHY_SECONDS,
    STOP_SIGNALS,
    Service,
    Supervisor,
    on_stop_signals,
)


@pytest.fixture
def keep_signals() -> Iterator[None]:
    """The supervisor takes over the signals of its process, which here is pytest's."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def service(folder: Folder) -> Service:
    program = Program("crasher", ["false"], folder.log("crasher"), os.environ, folder.path)
    return Service(program, started=monotonic())


def test_failing_service_waits_longer_each_time(service: Service) -> None:
    assert [service.postpone() for _ in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_service_that_ran_well_starts_again_at_once(service: Service) -> None:
    for _ in range(5):
        service.postpone()
    service.started = monotonic() - HEALTHY_SECONDS - 1

    assert service.postpone() == 1


@pytest.mark.usefixtures("keep_signals")
def test_end_of_an_engine_ends_the_services_and_shows_its_log(
    folder: Folder, busy_port: int
) -> None:
    def program(name: str, code: str) -> Program:
        command = [sys.executable, "-c", code]
        return Program(name, command, folder.log(name), os.environ, folder.path)

    engine = start(program("database", "import time; time.sleep(1); exit('disk full')"))
    web = Service(program("web", "import time; time.sleep(60)"))

    with pytest.raises(Trouble, match=r"(?s)database ended, so everything stops.*disk full"):
        Supervisor([engine], [web]).run(busy_port, announce=lambda: None)

    assert web.running
    assert not web.running.is_running


@pytest.mark.usefixtures("keep_signals")
def test_nohup_keeps_its_meaning() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    on_stop_signals(signal.default_int_handler)

    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
