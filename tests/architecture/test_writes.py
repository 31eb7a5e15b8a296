"""Only services and the clockwork write; every public service is one operation."""

import pytest

from tests.architecture.sources import (
    APPS,
    BUSINESS_APPS,
    calls,
    files,
    label,
    public_functions,
    service_files,
    tree,
)

WRITES = {
    "save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete",
}  # fmt: skip
WRITERS = {"services", "models", "migrations", "demo"}
HOUSEKEEPING = {
    "clockwork", "files", "links", "outbox", "timers", "mail", "operations", "announcements",
    "housekeeping", "notices", "once", "firing", "contract_firing", "notice_firing", "fetching",
    "replanning", "month", "alarms",
}  # fmt: skip
"""Modules whose rows belong to an operation already under way, or to the machine itself."""
INSIDE_OPERATIONS = {
    "complaints/services/asking.py": {"mark_asked"},
    "complaints/services/conversation.py": {
        "hear",
        "keep_apology",
        "person_of",
        "tell_client_did_it",
        "write_answer",
        "write_reply",
    },
    "complaints/services/findings.py": {"watch_own_report"},
    "complaints/services/outcomes.py": {"say_fixed", "say_not_fixed"},
    "complaints/services/pressure.py": {"urge_meeting"},
    "complaints/services/problem.py": {"notice_cause"},
    "complaints/services/progress.py": {"take_up_again"},
    "complaints/services/renewal.py": {"renew"},
}
"""Public functions of services that work inside the operation of their caller, or only read."""

EDGES = [
    path
    for app in BUSINESS_APPS
    for path in files(app, "*.py", "*/*.py")
    if path.stem not in HOUSEKEEPING and not WRITERS & {path.stem, *path.parts}
]
SERVICES = [path for app in APPS for path in service_files(app) if path.stem != "__init__"]


def services(path):
    helpers = INSIDE_OPERATIONS.get(label(path), set())
    return [each for each in public_functions(path) if each.name not in helpers]


@pytest.mark.parametrize("path", EDGES, ids=label)
def test_edges_do_not_write(path):
    assert calls(tree(path)) & WRITES == set()


@pytest.mark.parametrize("path", SERVICES, ids=label)
def test_every_public_service_is_an_operation(path):
    assert [each.name for each in services(path) if "operation" not in calls(each)] == []


@pytest.mark.parametrize("path", SERVICES, ids=label)
def test_services_take_keywords_actor_first_and_now_last(path):
    for each in services(path):
        names = [argument.arg for argument in each.args.kwonlyargs]
        assert each.args.args == [], each.name
        assert (names[0], names[-1]) == ("actor", "now"), each.name
