"""Any other command of manage.py: Django's, with the embedded engines behind it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import execute_from_command_line

from config.stack.claim import Tenant, claim, tenant_of
from config.stack.engines import embedded_engines, missing_engines
from config.stack.folder import Folder

WITHOUT_ENGINES = {
    "",
    "--help",
    "--version",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "startapp",
    "version",
}


def run_django(arguments: list[str], folder: Folder) -> None:
    command = arguments[1] if len(arguments) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command in WITHOUT_ENGINES or not missing_engines():
        execute_from_command_line(arguments)
        return
    folder.make()
    os.environ.setdefault("SECRET_KEY", folder.secret_key())
    with engines_of(folder, command) as urls:
        os.environ.update({name: urls[name] for name in missing_engines() if name in urls})
        execute_from_command_line(arguments)


@contextmanager
def engines_of(folder: Folder, command: str) -> Iterator[dict[str, str]]:
    """Yield the addresses of the engines that run in a folder; start them if none do."""
    tenant = tenant_of(folder)
    if tenant and tenant.engines:
        yield tenant.engines
        return
    with claim(folder, command) as held, embedded_engines(folder, held.lock) as engines:
        held.publish(Tenant(os.getpid(), command, engines=engines.urls))
        yield engines.urls
