"""The clock is read at the edge, and no task is ever sent with a long delay."""

import re

import pytest

from tests.architecture.sources import APPS, ROOT, files, label

EDGE = {
    "views", "api", "tasks", "commands", "middleware", "rest", "context", "throttle", "health",
    "sign_in",
}  # fmt: skip
READS_CLOCK = re.compile(r"\btimezone\.now\(|\bdatetime\.now\(|\bdate\.today\(|\blocaldate\(\)")
SOURCES = [
    path
    for app in APPS
    for path in files(app, "**/*.py")
    if not EDGE & {path.stem, *path.relative_to(ROOT).parts} and not path.stem.endswith("_api")
]


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_below_the_edge_nobody_asks_what_time_it_is(path):
    assert READS_CLOCK.findall(path.read_text(encoding="utf-8")) == []


def test_no_task_is_sent_for_later():
    sent_later = re.compile(r"\b(eta|countdown)\s*=")
    found = [
        label(path)
        for app in [*APPS, "config"]
        for path in files(app, "**/*.py")
        if sent_later.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
