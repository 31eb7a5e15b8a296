"""Bring the database up to date and fill an empty one: `python -m config.stack.prepare`.

Progress goes to standard error; standard output is what the person should read once all runs.
"""

import os
import sys

import django
from django.core.management import call_command, get_commands

DEMO = "load_demo"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, stdout=sys.stderr)
    if DEMO in get_commands():
        call_command(DEMO, "--if-empty")


if __name__ == "__main__":
    main()
