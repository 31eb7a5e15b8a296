"""What programs are promised: the table of docs/webhooks.md is what the code declares."""

import re

from core import access
from core.webhooks.events import event_types, published
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| `([a-z_.]+)` \| .+ \|(.*)\| (all|house) \|$", re.MULTILINE)
PERSONAL = {"name", "title", "text", "body", "note", "notes", "reason", "email", "phone", "words"}


def test_the_table_names_every_event_with_its_facts_and_who_hears_of_it():
    told = {name: (facts.strip(), audience) for name, facts, audience in LINE.findall(PAGE)}
    declared = {
        kind.name: (
            ", ".join(fact.removesuffix("_id") for fact in kind.facts),
            "house" if kind.internal else "all",
        )
        for kind in published()
    }

    assert told == declared
    assert list(told) == event_types()


def test_an_event_of_several_verbs_is_the_same_event():
    kinds = {(kind.name, kind.facts, kind.internal, kind.changed) for kind in published()}

    assert len(kinds) == len(event_types())


def test_every_event_comes_from_a_declared_verb():
    verbs = {verb.name for verb in access.verbs()}
    apps = {f"{name.partition('.')[0]}." for name in verbs}

    assert [kind.verb for kind in published() if kind.verb not in verbs | apps] == []


def test_no_event_tells_what_people_write():
    told = {word for kind in published() for word in (*kind.facts, *kind.changed - {"name"})}

    assert told & PERSONAL == set()
