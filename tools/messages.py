"""Message catalogues: `collect` reads the sources, `compile` writes what Django loads.

Collecting needs GNU gettext; compiling needs polib only. English is the source and has no catalogue.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
PLURALS = {
    "ru": "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || "
    "n%100>14) ? 1 : n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14) ? 2 : 3);",
    "uk": "nplurals=4; plural=(n % 1 == 0 && n % 10 == 1 && n % 100 != 11 ? 0 : n % 1 == 0 && "
    "n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : n % 1 == 0 && "
    "(n % 10 ==0 || (n % 10 >=5 && n % 10 <=9) || (n % 100 >=11 && n % 100 <=14 )) ? 2 : 3);",
    "bg": "nplurals=2; plural=(n != 1);",
}
IGNORED = ["var/*", ".venv/*", "tests/*", "tools/*", "static/vendor/*", "config/stack/*"]


def collect() -> None:
    """Bring the catalogues up to the sources; messages no longer used are dropped."""
    command = [sys.executable, "manage.py", "makemessages", "--no-obsolete", "--no-wrap"]
    command += ["--add-location", "file", *(f"--ignore={each}" for each in IGNORED)]
    command += [f"--locale={language}" for language in PLURALS]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(command, cwd=ROOT, check=True, env=environment)
    for language, plural in PLURALS.items():
        _tidy(LOCALE / language / "LC_MESSAGES" / "django.po", language, plural)


def _tidy(path: Path, language: str, plural: str) -> None:
    """Give every message the plural slots of the language, and keep no dates of the machine."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "Kamerton",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural,
    }
    slots = int(plural[len("nplurals=")])
    for entry in catalogue:
        if entry.msgid_plural:
            known = entry.msgstr_plural
            entry.msgstr_plural = {slot: known.get(slot, "") for slot in range(slots)}
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    catalogue.save(str(path))


def compile_all() -> None:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    {"collect": collect, "compile": compile_all}[sys.argv[1]]()
