"""Everything that manage.py does once the environment stands, apart from the doctor."""

import sys

from config.stack.console import Trouble, progress
from config.stack.django_command import run_django
from config.stack.folder import ROOT, Folder
from config.stack.suite import run_tests
from config.stack.up import up

INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    folder = Folder(ROOT / "var")
    match arguments[1:]:
        case ["up", *options]:
            return up(options, folder)
        case ["test", *options]:
            return run_tests(options)
    run_django(arguments, folder)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except Trouble as trouble:
        progress(str(trouble))
        sys.exit(trouble.code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
