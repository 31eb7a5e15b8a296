"""Everything that a client can read of us, as texts; a new way out is one line in OUTPUTS."""

import json
import re
from collections import defaultdict
from itertools import chain

from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone, translation

from complaints.models import Complaint, Recipient
from complaints.notice_links import token_of
from core.mail import deliver_due
from core.models import OutgoingMail, WebhookDelivery
from sla.document import paper_of
from sla.models import Contract
from tests.complaints.client import WAY

LANGUAGES = ("en", "ru", "uk", "bg")
CLIENTS = "@client.example"


def letters_to_clients():
    return OutgoingMail.objects.filter(to__endswith=CLIENTS)


def pages_by_link(world):
    """Yield each client's page in four languages, and what its forms answer."""
    ways = {way for letter in letters_to_clients() for way in WAY.findall(letter.body)}
    assert ways, "no letter led to a page"
    for way in ways:
        for language in LANGUAGES:
            response = Client().get(f"{way}?lang={language}")
            if response.status_code == 200:
                yield f"{way} {language}", response.content.decode()
        for step in ("comment", "confirm-remedy", "deny-fixed", "answer-remedy"):
            yield f"{way} {step}", Client().post(f"{way}{step}/", {}).content.decode()


def pages_of_notices(world):
    for recipient in Recipient.objects.all():
        for language in LANGUAGES:
            response = Client().get(f"/n/{token_of(recipient.pk)}/?lang={language}")
            if response.status_code == 200:
                yield f"notice {language}", response.content.decode()


def letters(world):
    for letter in letters_to_clients():
        yield f"letter {letter.subject}", f"{letter.subject}\n{letter.body}"


def sent_letters(world, mailoutbox):
    """Yield whole letters as the mail server gets them, with every header."""
    deliver_due(timezone.now())
    for message in mailoutbox:
        if any(to.endswith(CLIENTS) for to in message.to):
            yield f"sent {message.subject}", message.message().as_string()
            yield f"words {message.subject}", f"{message.extra_headers} {message.body}"


def papers(world):
    """Yield what is printed for clients: contracts, as the blocks that the printer gets."""
    for contract in Contract.objects.all():
        for language in LANGUAGES:
            with translation.override(language):
                paper = paper_of(contract, timezone.now())
            yield f"contract {contract.no} {language}", repr(paper)


def webhook_bodies(world):
    for delivery in WebhookDelivery.objects.all():
        yield f"webhook {delivery.type}", json.dumps(delivery.body)


def rest_for_a_program(world):
    return answers(world.program, world)


def rest_without_the_scope(world):
    return answers(world.unscoped, world)


def search_over_rest(world):
    """Yield what a program finds, at the end, that asks for the words themselves."""
    yield "search", "begins"
    for what, word in world.garden.words.items() if world.is_over else ():
        found = world.program.get(f"/api/v1/complaints?q={word}").json()
        yield f"search for {what}", " ".join([word] * len(found.get("results", ())))


OUTPUTS = {
    "page by link": pages_by_link,
    "page of a notice": pages_of_notices,
    "letter": letters,
    "paper": papers,
    "webhook": webhook_bodies,
    "REST for a program": rest_for_a_program,
    "REST without the scope": rest_without_the_scope,
    "search": search_over_rest,
}
"""Each takes the world and yields (where, text)."""


SCOPE_MISSING = "scope_missing"
CLOSED = defaultdict(set)
"""By program, the paths that it may not call, or nobody may read; asked once."""


def readable_paths(resolver=None, prefix="/"):
    """Return every path of REST, documented or not, with {id} in the place of what it is about."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = re.sub(r"<\w+:\w+>|\(\?P<\w+>[^)]*\)", "{id}", str(entry.pattern))
        path = prefix + re.sub(r"[\^$\\]|\(\?:|\)", "", route)
        if isinstance(entry, URLResolver):
            yield from readable_paths(entry, path)
        elif path.startswith("/api/v1/") and not path.endswith(("schema", "docs")):
            yield path


def answers(program, world):
    """Yield what the program reads: while the story goes on its lists and the complaint itself."""
    paths = sorted(set(readable_paths()) - CLOSED[program])
    key = str(Complaint.objects.order_by("id").first().pk)
    keys = known_ids() if world.is_over else [key]
    for path in paths:
        of_complaint = path.startswith("/api/v1/complaints/")
        if "{id}" not in path:
            yield from _answer(program, path, path)
        elif of_complaint or world.is_over:
            outer = [key] if path.count("{id}") > 1 or not path.endswith("{id}") else keys
            for address in _addresses(path, outer, keys):
                yield from _answer(program, address, path)


def _addresses(path, outer, inner):
    before, _id, rest = path.partition("{id}")
    for first in outer:
        begun = f"{before}{first}"
        ends = [rest.replace("{id}", each) for each in inner] if "{id}" in rest else [rest]
        yield from (begun + end for end in ends)


def _code(response):
    data = getattr(response, "data", None)
    return data.get("code") if isinstance(data, dict) else None


def _answer(program, address, path):
    response = program.get(address)
    if response.status_code == 405 or _code(response) == SCOPE_MISSING:
        CLOSED[program].add(path)
    if response.status_code == 200:
        yield address, b"".join(response).decode(errors="replace")


def known_ids():
    """Return the ids of all rows that an address of REST can name."""
    models = chain(*(apps.get_app_config(app).get_models() for app in ("complaints", "accounts")))
    keyed = [model for model in models if model._meta.pk.get_internal_type() == "UUIDField"]
    return [str(key) for model in keyed for key in model.objects.values_list("pk", flat=True)]
