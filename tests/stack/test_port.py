import pytest

from config.stack.console import Trouble
from config.stack.port import is_free, listen, listen_from


def test_busy_port_asked_for_is_refused_with_a_sentence(busy_port: int) -> None:
    with pytest.raises(Trouble, match=f"^port {busy_port} is busy") as trouble:
        listen(busy_port)

    assert trouble.value.code == 2


def test_next_free_port_is_taken_and_named(
    busy_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen_from(busy_port, 50) as listener:
        port = listener.getsockname()[1]

    assert port > busy_port
    assert capsys.readouterr().err == f"Kamerton: port {busy_port} is busy; using {port}.\n"


def test_port_is_busy_while_somebody_listens(busy_port: int) -> None:
    assert not is_free(busy_port)
