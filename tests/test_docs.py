"""The README names every setting, command and timer."""

import re

from config.celery import app
from tests.architecture.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
READ = re.compile(r"env\.\w+\(\s*\"([A-Z_]+)\"")


def test_readme_names_every_setting():
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    assert [name for name in READ.findall(settings) if f"`{name}`" not in README] == []


def test_readme_names_every_timer_with_its_interval():
    for name, entry in app.conf.beat_schedule.items():
        seconds = entry["schedule"]
        every = f"{seconds // 3600} h" if seconds >= 3600 else f"{seconds} s"
        assert re.search(rf"\| `{re.escape(name)}` \|.*\| {every} \|", README), name


def test_readme_names_every_command():
    commands = [
        path.stem
        for path in ROOT.glob("*/management/commands/*.py")
        if path.stem != "__init__" and ".venv" not in path.parts
    ]
    assert [name for name in commands if f"`{name}`" not in README] == []


def test_every_link_of_the_docs_leads_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
