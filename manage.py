#!/usr/bin/env python3
"""Kamerton's one command; it makes its own environment first.

Until that stands only the standard library may be imported, in syntax that an old Python can read
far enough to say that it is too old.
"""

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "kamerton-lock"
NEEDED = (3, 11)
WITH_TOOLS = ("test", "bootstrap")
# Django alone proves nothing: a distribution may bring its own.
SIGNS_OF_OURS = ("django", "celery", "allauth")


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    refuse_unfit_machine()
    if not is_made_by_others():
        enter_environment(command)
    if command != "bootstrap":
        module = "config.stack.doctor" if command == "doctor" else "config.stack"
        runpy.run_module(module, run_name="__main__")


def refuse_unfit_machine() -> None:
    if sys.platform == "win32":
        sys.exit("Kamerton runs on Linux and macOS. On Windows, use WSL.")
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Kamerton needs Python 3.11 or newer; this is {found}.")


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV


def is_made_by_others() -> bool:
    """Tell whether we run in a complete environment that is not ours: an image, a CI job."""
    return not is_inside() and all(map(find_spec, SIGNS_OF_OURS))


def enter_environment(command: str) -> None:
    """Make .venv what the lock file says and go on in it; the doctor takes it as it is."""
    is_new = command != "doctor" and bring_up_to_date(command)
    if is_new or (PYTHON.exists() and not is_inside()):
        arguments = [str(PYTHON), __file__, *sys.argv[1:]]
        os.execv(str(PYTHON), arguments)  # noqa: S606 -- the same process goes on, as Ctrl-C expects


def bring_up_to_date(command: str) -> bool:
    """Install what is missing; tell whether anything was. An environment with tools keeps them."""
    stamp = STAMP.read_text() if STAMP.exists() and PYTHON.exists() else ""
    name = "dev" if command in WITH_TOOLS or stamp.startswith("dev ") else "base"
    lock = ROOT / "requirements" / f"{name}.lock"
    wanted = f"{name} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if stamp == wanted:
        return False
    count = lock.read_text().count("==")
    print(f"Kamerton: installing {count} packages into .venv …", file=sys.stderr, flush=True)
    install(lock)
    STAMP.write_text(wanted)
    return True


def install(lock: Path) -> None:
    uv = shutil.which("uv")
    if not PYTHON.exists():
        run([*(uv_venv(uv) if uv else standard_venv()), str(VENV)])
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else pip()
    run([*installer, "--quiet", "--require-hashes", "--requirement", str(lock)])


def uv_venv(uv: str) -> "list[str]":
    return [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable]


def standard_venv() -> "list[str]":
    """Return Python's own way to make an environment; some systems ship it without pip."""
    venv = [sys.executable, "-m", "venv"]
    if find_spec("ensurepip"):
        return venv
    if find_spec("pip"):
        return [*venv, "--without-pip"]
    version = "{}.{}".format(*sys.version_info)
    sys.exit(
        f"This Python cannot install packages. Install python{version}-venv "
        f"(Debian, Ubuntu: apt-get install python{version}-venv) or uv, and start again."
    )


def pip() -> "list[str]":
    if (VENV / "bin" / "pip").exists():
        return [str(PYTHON), "-m", "pip", "install"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON), "install"]


def run(command: "list[str]") -> None:
    if subprocess.call(command):
        sys.exit("Kamerton: the packages could not be installed; the reason is above.")


if __name__ == "__main__":
    main()
