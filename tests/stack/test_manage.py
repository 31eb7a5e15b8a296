"""What manage.py does before there is an environment."""

import ast
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BARE = [sys._base_executable, "-I", "-S", "-c"]


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


def run_bare(
    checkout: Path, *arguments: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    """Run manage.py by a Python without packages, with nothing on the PATH."""
    argv = [str(checkout / "manage.py"), *arguments]
    code = f"import sys, runpy; {before}; sys.argv = {argv}; runpy.run_path(sys.argv[0], run_name='__main__')"
    return subprocess.run(
        [*BARE, code], env={"PATH": "/nonexistent"}, capture_output=True, text=True, check=False
    )


def pretend_environment(checkout: Path, lock: str, content: bytes, exit_code: int) -> None:
    """Leave what an installation of a lock file of that content leaves, with a hollow Python."""
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("python", "pip"):
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*"\nexit {exit_code}\n')
        (programs / name).chmod(0o755)
    digest = hashlib.sha256(content).hexdigest()
    (checkout / ".venv" / "kamerton-lock").write_text(f"{lock} {digest}")


def test_manage_imports_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "manage.py").read_text())

    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_manage_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 7))


def test_old_python_is_refused_with_a_sentence(bare_checkout: Path) -> None:
    done = run_bare(bare_checkout, "up", before="sys.version_info = (3, 9, 18)")

    assert done.returncode == 1
    assert done.stderr == "Kamerton needs Python 3.11 or newer; this is 3.9.18.\n"


def test_python_that_cannot_install_names_the_package_to_get(bare_checkout: Path) -> None:
    done = run_bare(
        bare_checkout, "up", before="sys.modules['ensurepip'] = sys.modules['pip'] = None"
    )

    major, minor = sys.version_info[:2]
    assert done.returncode == 1
    assert f"apt-get install python{major}.{minor}-venv" in done.stderr


def test_environment_with_tools_also_serves(bare_checkout: Path) -> None:
    lock = (bare_checkout / "requirements" / "dev.lock").read_bytes()
    pretend_environment(bare_checkout, "dev", lock, exit_code=0)

    done = run_bare(bare_checkout, "up", "--port", "9000")

    assert done.stdout == f"python {bare_checkout}/manage.py up --port 9000\n"


def test_changed_lock_is_installed_before_anything_else(bare_checkout: Path) -> None:
    pretend_environment(bare_checkout, "dev", b"what the lock was yesterday", exit_code=1)

    done = run_bare(bare_checkout, "up")

    lock = bare_checkout / "requirements" / "dev.lock"
    assert done.returncode == 1
    assert done.stdout == f"python -m pip install --quiet --require-hashes --requirement {lock}\n"
    assert "could not be installed" in done.stderr
