"""What people at a client think of us: noted with a fact, never rewritten, read by few."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from accounts import services
from accounts.attitude_line import attitude_line
from accounts.models import AttitudeReading, Contact
from accounts.services.attitude import FactMissing
from core.history import visible_history
from core.models import AuditEntry
from core.operations import SYSTEM
from tests.conftest import HTMX
from tests.factories import (
    NOON,
    AccountFactory,
    AttitudeReadingFactory,
    ContactFactory,
    UserFactory,
)

API = "/api/v1"
READERS = [
    ("am", True), ("hk", True), ("ex", True), ("sa", False), ("te", False), ("fi", False),
]  # fmt: skip
DAY = timedelta(days=1)


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def read(manager, contact, now):
    """Return a function that notes an attitude; friendly unless told otherwise."""

    def note(value=1, reason="Praised the fitters.", **given):
        words = {"actor": manager, "contact": contact, "now": now} | given
        return services.read_attitude(value=value, reason=reason, **words)

    return note


def test_attitude_is_noted_with_its_fact(read, contact, manager, now):
    reading = read(2, "Named us before her board.")

    entry = AuditEntry.objects.get(verb="accounts.read_attitude")
    assert (reading.value, reading.author, reading.at) == (2, manager, now)
    assert (entry.target_id, entry.account_id) == (contact.pk, contact.account_id)


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_attitude_without_a_fact_is_refused(read, reason):
    with pytest.raises(FactMissing):
        read(reason=reason)

    assert not AttitudeReading.objects.exists()


@pytest.mark.parametrize("role", ["sa", "te", "fi", "ex", "ad", "api"])
def test_others_note_nothing(people, read, contact, role, now):
    with pytest.raises(PermissionDenied):
        read(actor=people[role])
    with pytest.raises(PermissionDenied):
        services.set_influence(actor=people[role], contact=contact, influence=3, now=now)


def test_another_manager_notes_nothing_and_a_head_does(read, stranger, head):
    with pytest.raises(PermissionDenied):
        read(actor=stranger)

    assert read(actor=head).author == head


@pytest.mark.django_db
def test_a_program_notes_nothing_even_of_its_own_account(now):
    program = UserFactory(roles=["api", "am"])
    contact = ContactFactory(account=AccountFactory(owner=program))

    with pytest.raises(PermissionDenied):
        services.set_influence(actor=program, contact=contact, influence=3, now=now)


def test_a_reading_is_never_rewritten(read):
    reading = read()

    for change in (reading.delete, lambda: AttitudeReading.objects.update(value=2)):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    assert AttitudeReading.objects.get().value == 1


@pytest.mark.parametrize("fields", [{"value": 3}, {"value": -3}, {"reason": ""}])
def test_database_keeps_readings_whole(contact, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        AttitudeReadingFactory(contact=contact, **fields)


@pytest.mark.parametrize("influence", [0, 6])
def test_database_keeps_influence_from_1_to_5(contact, influence):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(influence=influence)


def test_influence_is_noted_and_forgotten_again(contact, manager, now):
    services.set_influence(actor=manager, contact=contact, influence=4, now=now)
    contact.refresh_from_db()
    assert contact.influence == 4

    services.set_influence(actor=manager, contact=contact, influence=None, now=now)
    contact.refresh_from_db()
    assert contact.influence is None


def test_history_keeps_no_value_of_either(read, contact, now):
    read(-2, "Called us thieves.")
    services.set_influence(actor=SYSTEM, contact=contact, influence=4, now=now)

    told = str(list(AuditEntry.objects.values_list("changes", "details", "reason", "label")))
    assert "thieves" not in told
    assert AuditEntry.objects.get(verb="accounts.set_influence").changes == {
        "influence": ["•••", "•••"]
    }


@pytest.mark.parametrize(("role", "reads"), READERS)
def test_history_tells_only_readers_of_stake_that_something_was_noted(
    people, sign_in, read, contact, role, reads
):
    read()

    entries = AuditEntry.objects.filter(visible_history(people[role]))
    shown = text(sign_in(people[role]).get(page("detail", contact.account)))
    assert entries.filter(verb="accounts.read_attitude").exists() is reads
    assert ("Noted a person’s attitude to us" in shown) is reads


@pytest.mark.parametrize(("role", "reads"), READERS)
def test_card_shows_attitudes_to_readers_of_stake_only(people, sign_in, read, contact, role, reads):
    Contact.objects.update(influence=4)
    read(-1, "Compared us with a rival.")
    shown = text(sign_in(people[role]).get(page("contact", contact)))

    for words in ("Compared us with a rival.", "−1 critical", "4 of 5", "attitude-line"):
        assert (words in shown) is reads, words


def test_card_of_a_person_in_two_companies_opens_to_either_manager(
    sign_in, read, contact, child, stranger
):
    read(reason="Smiled.")
    window = sign_in(stranger)
    assert "Smiled." not in text(window.get(page("contact", contact)))

    contact.also_at.add(child)
    shown = text(window.get(page("contact", contact)))

    assert "Smiled." in shown
    assert page("read_attitude", contact) not in shown


def test_card_of_somebody_unknown_shows_question_marks(sign_in, manager, contact):
    shown = text(sign_in(manager).get(page("contact", contact)))

    assert "Nobody has noted yet what this person thinks of us." in shown
    assert "<dd>?" in shown


def test_attitude_is_noted_on_the_card(sign_in, manager, contact):
    window = sign_in(manager)
    assert page("read_attitude", contact) in text(window.get(page("contact", contact)))

    typed = {"value": "-1", "reason": "Did not greet us."}
    answer = window.post(page("read_attitude", contact), typed, headers=HTMX)

    assert answer["HX-Redirect"] == page("contact", contact)
    assert AttitudeReading.objects.get().value == -1


def test_what_is_missing_is_said_in_the_form(sign_in, manager, contact):
    window = sign_in(manager)

    answer = window.post(page("read_attitude", contact), {"reason": "Why"}, headers=HTMX)

    assert answer.status_code == 422
    assert "<html" not in text(answer)
    assert "This field is required." in text(answer)
    assert window.get(page("read_attitude", contact)).status_code == 200


def test_influence_is_set_on_a_page_of_its_own(sign_in, manager, contact):
    window = sign_in(manager)
    typed = {"influence": "5", "version": contact.version}

    window.post(page("set_influence", contact), typed)
    contact.refresh_from_db()
    assert contact.influence == 5

    stale = window.post(page("set_influence", contact), typed | {"influence": ""})
    assert stale.status_code == 412


@pytest.mark.parametrize("name", ["read_attitude", "set_influence"])
def test_others_do_not_open_the_forms(sign_in, agent, contact, name):
    assert sign_in(agent).get(page(name, contact)).status_code == 403


def test_card_costs_the_same_for_one_reading_and_for_three(
    sign_in, manager, read, contact, query_count
):
    window = sign_in(manager)
    read()
    one = query_count(window, page("contact", contact))
    read()
    read()

    assert query_count(window, page("contact", contact)) == one


def test_readings_are_noted_and_listed_over_rest(rest, manager, contact):
    client = rest(manager)
    body = {"contact": str(contact.pk), "value": 2, "reason": "Asked for our card."}

    made = client.post(f"{API}/attitude-readings", body)
    listed = client.get(f"{API}/attitude-readings?contact={contact.pk}").json()["results"]

    assert made.status_code == 201
    assert [each["value"] for each in listed] == [2]
    assert client.get(made["Location"]).json() == listed[0] == made.json()


@pytest.mark.parametrize(
    "body", [{"value": 3}, {"value": "x"}, {"reason": ""}, {"author": "me"}, {"contact": "x"}]
)
def test_rest_names_what_is_wrong(rest, manager, contact, body):
    whole = {"contact": str(contact.pk), "value": 2, "reason": "Asked for our card."}

    answer = rest(manager).post(f"{API}/attitude-readings", whole | body)

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == list(body)


@pytest.mark.parametrize(("role", "reads"), READERS)
def test_rest_shows_attitude_and_influence_to_readers_of_stake_only(
    people, rest, read, contact, role, reads
):
    Contact.objects.update(influence=4)
    reading, client = read(-2), rest(people[role])

    listed = client.get(f"{API}/attitude-readings").json()["results"]
    card = client.get(f"{API}/contacts/{contact.pk}").json()
    (line,) = client.get(f"{API}/contacts").json()["results"]

    assert bool(listed) is reads
    assert client.get(f"{API}/attitude-readings/{reading.pk}").status_code == (
        200 if reads else 404
    )
    for shown in (card, line):
        assert (shown.get("influence"), shown.get("attitude")) == (
            (4, -2) if reads else (None, None)
        )
        assert ("influence" in shown) is reads


def test_programs_read_and_note_nothing(program, read, contact):
    read()
    url = f"{API}/attitude-readings"

    assert program.get(url).json()["results"] == []
    body = {"contact": str(contact.pk), "value": 2, "reason": "Why not."}
    assert program.post(url, body).status_code == 403
    assert "attitude" not in program.get(f"{API}/contacts/{contact.pk}").json()
    people = program.get(f"{API}/accounts/{contact.account_id}/people").json()
    assert "influence" not in people["results"][0]
    story = program.get(f"{API}/accounts/{contact.account_id}/timeline").json()
    assert story["results"] == []


def test_influence_is_set_over_rest(rest, manager, agent, contact):
    url, seen = f"{API}/contacts/{contact.pk}/set-influence", {"If-Match": '"1"'}

    answer = rest(manager).post(url, {"influence": 5}, headers=seen)
    assert (answer.status_code, answer.json()["influence"]) == (200, 5)

    seen = {"If-Match": answer["ETag"]}
    assert rest(manager).post(url, {"influence": 6}, headers=seen).status_code == 400
    assert rest(agent).post(url, {"influence": 1}, headers={"If-Match": '"2"'}).status_code == 403
    cleared = rest(manager).post(url, {"influence": None}, headers={"If-Match": '"2"'})
    assert cleared.json()["influence"] is None


def test_contacts_cost_the_same_over_rest_for_one_and_for_three(
    rest, manager, account, query_count
):
    client = rest(manager)

    def grow():
        AttitudeReadingFactory(contact=ContactFactory(account=account))

    grow()
    one = query_count(client, f"{API}/contacts")
    readings = query_count(client, f"{API}/attitude-readings")
    grow()
    grow()
    assert query_count(client, f"{API}/contacts") == one
    assert query_count(client, f"{API}/attitude-readings") == readings


def test_line_goes_from_the_first_reading_to_now():
    line = attitude_line([(NOON, 2), (NOON + 5 * DAY, -2)], NOON + 10 * DAY)

    assert [(point.x, point.y) for point in line.points] == [(8, 8), (150, 72)]
    assert line.path == "8,8 150,8 150,72 300,72"
    assert line.levels == [8, 24, 40, 56, 72]
    assert line.height == 80


def test_line_of_one_reading_is_level_and_of_none_is_none():
    assert attitude_line([(NOON, 0)], NOON).path == "8,40 300,40"
    assert attitude_line([], NOON) is None
