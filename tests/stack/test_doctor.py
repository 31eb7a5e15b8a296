import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.conftest import Run

SECRET = "hunter2hunter2"


def table(output: str) -> dict[str, list[str]]:
    """Return {subject: [state, detail]} of what the doctor prints."""
    rows = [line for line in output.splitlines() if line[13:23].strip()]
    return {row[:12].strip(): row[13:].split(maxsplit=1) for row in rows}


def test_doctor_finds_what_is_needed(manage: Run) -> None:
    done = manage("doctor")

    states = {subject: state for subject, (state, _) in table(done.stdout).items()}
    assert done.returncode == 0
    assert {
        states[name] for name in ("Python", "uv or pip", "PostgreSQL", "broker", "data folder")
    } == {"found"}
    assert done.stdout.endswith("All that Kamerton needs is here: python3 manage.py up\n")


def test_doctor_says_which_engines_come_from_wheels(manage: Run) -> None:
    rows = table(manage("doctor").stdout)

    assert rows["PostgreSQL"][1].endswith(", wheel")
    assert rows["broker"][1].endswith(", wheel")


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", f"postgresql://us:{SECRET}@127.0.0.1:1/kamerton"),
        ("DATABASE_URL", f"postgresql://us:{SECRET}/@127.0.0.1:1/kamerton"),
        ("DATABASE_URL", f"{SECRET}://127.0.0.1"),
        ("REDIS_URL", f"redis://:{SECRET}@127.0.0.1:1/0"),
        ("REDIS_URL", f"{SECRET}://127.0.0.1:1/0"),
    ],
)
def test_doctor_refuses_a_server_that_is_not_there_without_its_password(
    manage: Run, variable: str, url: str
) -> None:
    done = manage("doctor", **{variable: url})

    assert done.returncode == 1
    assert f"MISSING   {variable} is set, but " in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_doctor_names_what_is_optional_and_how_to_get_it(manage: Run) -> None:
    rows = table(manage("doctor", PATH="/nonexistent").stdout)

    assert rows["Chromium"][0] == rows["gettext"][0] == rows["git"][0] == "optional"
    assert "apt-get install chromium" in rows["Chromium"][1]


def test_doctor_finds_the_browser_it_is_told(manage: Run) -> None:
    rows = table(manage("doctor", CHROMIUM="/bin/sh").stdout)

    assert rows["Chromium"] == ["found", "/bin/sh"]


def test_doctor_answers_before_there_is_an_environment(checkout: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(checkout, tmp_path / "copy", ignore=shutil.ignore_patterns("var"))

    done = subprocess.run(
        [sys._base_executable, "-S", "-E", copy / "manage.py", "doctor"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert table(done.stdout)["environment"][0] == "optional"
    assert not (copy / ".venv").exists()
