"""Load the demo world."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from desk.demo.loader import has_people, is_loaded, load_demo
from desk.demo.people import SIGN_INS, STAFF


class Command(BaseCommand):
    help = "Load the demo world: Tarpan Systems, seven clients, a year of work ending today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing in a database that has people"
        )

    def handle(self, *args: object, if_empty: bool, **options: object) -> None:
        if if_empty and has_people() and not is_loaded():
            return
        if load_demo(timezone.now(), self.stderr.write):
            self.stdout.write("The demo world is loaded.")
        self.stdout.write(f"Sign in with the password {settings.DEMO_PASSWORD} as:")
        for key in SIGN_INS:
            name, roles, _language = STAFF[key]
            self.stdout.write(f"  {key}@tarpan.example  {name} ({', '.join(roles)})")
