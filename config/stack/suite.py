"""`manage.py test`: the whole test suite on engines that are thrown away afterwards."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec

from config.stack.claim import claim
from config.stack.console import Trouble
from config.stack.engines import embedded_engines
from config.stack.folder import ROOT, throwaway_folder
from config.stack.supervisor import on_stop_signals
from config.stack.up import interrupt

# With any of these the person has decided how the work is spread, or wants to look inside.
OWN_SPREADING = ("-n", "--numprocesses", "--dist", "--pdb", "--trace", "no:xdist")


def run_tests(arguments: list[str]) -> int:
    """Run pytest with the arguments and return its exit code."""
    if not find_spec("pytest"):
        raise Trouble("pytest is not installed here. Install requirements/dev.lock.")
    on_stop_signals(interrupt)
    with (
        throwaway_folder() as folder,
        claim(folder, "test") as held,
        embedded_engines(folder, held.lock, fast=True) as engines,
    ):
        # Ctrl-C reaches pytest as well, which then reports; we wait for it.
        signal.signal(signal.SIGINT, lambda *_: None)
        command = [sys.executable, "-m", "pytest", *spreading(arguments), *arguments]
        return subprocess.call(command, cwd=ROOT, env={**os.environ, **engines.urls})


def spreading(arguments: list[str]) -> list[str]:
    """Use every core, unless the arguments say otherwise."""
    if any(argument.startswith(OWN_SPREADING) for argument in arguments):
        return []
    return ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
