from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Promise
from accounts.models.account import ClientLimit
from complaints import services
from complaints.models import Complaint
from core.errors import StaleVersion
from tests.factories import AccountFactory

COMPLAINTS, CALLBACKS = "/api/v1/complaints", "/api/v1/callbacks"
TOLD = {"client_words": "No receipts", "impact": 2, "urgency": 2}


def path_of(complaint, part=""):
    return f"{COMPLAINTS}/{complaint.pk}{part and '/' + part}"


def match(row):
    return {"If-Match": f'"{row.version}"'}


def numbers(answer):
    return [row["no"] for row in answer.json()["results"]]


@pytest.fixture
def api(rest, agent):
    return rest(agent)


def test_program_logs_reads_and_comments(program, account, contact, clock):
    logged = program.post(COMPLAINTS, TOLD | {"account": account.pk, "contact": contact.pk})
    said = program.post(f"{logged['Location']}/messages", {"kind": "client", "body": "Hurry"})
    read = program.get(logged["Location"])

    assert (logged.status_code, logged.json()["no"]) == (201, "CMP-2026-00001")
    assert (said.status_code, said.json()["kind"]) == (201, "client")
    assert read.json()["client_words"] == "No receipts"
    assert read.json()["next_due_at"] == "2026-03-02T12:00:00Z"
    assert (
        program.get(logged["Location"], headers={"If-None-Match": read["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("messages", {"kind": "reply", "body": "Answer"}),
        ("messages", {"kind": "note", "body": "Secret"}),
        ("assign", None),
        ("resume", None),
        ("resolve", {"resolution_type": "fixed", "resolution": "Done"}),
        ("wait", {"waiting_for": "client", "body": "Which?"}),
        ("reopen", {"reason": "Broken"}),
        ("record-callback", {"outcome": "satisfied"}),
    ],
)
def test_programs_do_not_do_the_work_of_people(program, in_progress, agent, part, body):
    body = body or {"assignee": agent.pk, "lead": agent.pk}

    answer = program.post(path_of(in_progress, part), body, headers=match(in_progress))

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_programs_find_no_trace_of_internal_notes(program, api, agent, in_progress, now):
    services.add_note(actor=agent, complaint=in_progress, body="The buyer lies", now=now)
    services.wait(
        actor=agent, complaint=in_progress, waiting_for="supplier", body="Epson case", now=now
    )

    theirs = program.get(path_of(in_progress, "messages")).json()["results"]
    ours = api.get(path_of(in_progress, "messages")).json()["results"]
    audit = program.get("/api/v1/audit", {"target": in_progress.pk}).json()["results"]

    assert [each["kind"] for each in theirs] == ["acknowledgement", "reply"]
    assert [each["kind"] for each in ours] == ["acknowledgement", "reply", "note", "note"]
    assert "complaints.add_note" not in {each["verb"] for each in audit}
    assert {each["verb"] for each in audit} >= {"complaints.log", "complaints.reply"}
    for words in ("lies", "Epson"):
        assert numbers(program.get(COMPLAINTS, {"q": words})) == []


def test_what_colleagues_noted_of_a_call_stays_inside(program, resolved, manager, now):
    services.record_callback(
        actor=manager, complaint=resolved, outcome="not_satisfied", note="She shouted", now=now
    )

    for part in ("", "/messages"):
        assert "shouted" not in program.get(f"{path_of(resolved)}{part}").content.decode()
    audit = program.get("/api/v1/audit").content.decode()
    assert "shouted" not in audit
    assert "complaints.resolve" in audit


def test_limited_program_sees_its_accounts_only(program, people, log, account, now):
    other = AccountFactory(name="Kobza")
    mine, foreign = log(), log(account=other)
    ClientLimit.objects.create(user=people["api"], account=account)

    assert numbers(program.get(COMPLAINTS)) == [mine.no]
    assert program.get(path_of(foreign)).status_code == 404
    assert program.get(path_of(foreign, "messages")).status_code == 404
    refused = program.post(COMPLAINTS, TOLD | {"account": other.pk})
    absent = program.post(COMPLAINTS, TOLD | {"account": foreign.pk})
    assert refused.json()["errors"] == absent.json()["errors"]


def test_token_without_the_scope_is_refused(program, people, complaint):
    people["api"].auth_token_set.update(scopes=["complaints:read"])

    assert program.get(COMPLAINTS).status_code == 200
    answer = program.post(path_of(complaint, "messages"), {"kind": "client", "body": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_invisible_is_absent_and_forbidden_is_refused(rest, technician, stranger, admin, complaint):
    body = {"reason": "x"}

    assert rest(technician).get(path_of(complaint)).status_code == 404
    assert numbers(rest(admin).get(COMPLAINTS)) == []
    answer = rest(stranger).post(path_of(complaint, "reopen"), body, headers=match(complaint))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["00002", "00001"]),
        ({"priority": "p2"}, ["00001"]),
        ({"state": ["new", "closed"]}, ["00002", "00001"]),
        ({"state": "resolved"}, []),
        ({"q": "receipts"}, ["00001"]),
        ({"q": "cmp-2026-00002"}, ["00002"]),
        ({"breaching_before": "2026-03-02T12:30:00Z"}, ["00001"]),
        ({"ordering": "due"}, ["00001", "00002"]),
        ({"ordering": "-due"}, ["00002", "00001"]),
        ({"ordering": "received"}, ["00001", "00002"]),
        ({"limit": 1}, ["00002"]),
    ],
)
def test_filters_and_orders(api, log, now, query, found):
    log(at=now - timedelta(minutes=5))
    log(account=AccountFactory(name="Kobza"), client_words="Wrong VAT", impact=4, urgency=4)

    assert [no.rpartition("-")[2] for no in numbers(api.get(COMPLAINTS, query))] == found


def test_filters_by_people_and_account(api, log, account, agent, manager):
    mine = log()
    log(account=AccountFactory(name="Kobza"))

    assert numbers(api.get(COMPLAINTS, {"account": account.pk})) == [mine.no]
    assert numbers(api.get(COMPLAINTS, {"lead": manager.pk})) == [mine.no]
    assert len(numbers(api.get(COMPLAINTS, {"assignee": agent.pk}))) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x"},
        {"account": "x"},
        {"breaching_before": "soon"},
        {"ordering": "tier"},
        {"x": "y"},
    ],
)
def test_bad_filters_are_named(api, query):
    answer = api.get(COMPLAINTS, query)

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == set(query)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"account", "client_words", "impact", "urgency"}),
        (TOLD | {"account": "x"}, {"account"}),
        (TOLD | {"impact": 5, "urgency": "now"}, {"account", "impact", "urgency"}),
        (TOLD | {"tier": "key"}, {"tier"}),
    ],
)
def test_bad_complaints_are_told_by_field(api, body, fields):
    answer = api.post(COMPLAINTS, body)

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == fields


def test_illegal_transition_names_the_legal_ones(api, complaint):
    answer = api.post(path_of(complaint, "resume"), headers=match(complaint))

    assert answer.status_code == 409
    assert answer.json()["code"] == "illegal_transition"
    assert answer.json()["allowed"] == ["convert", "merge", "reply", "triage", "withdraw"]


def test_only_a_reply_promises_the_next_contact(api, complaint):
    body = {"kind": "note", "body": "x", "next_contact_at": "2026-03-03T10:00:00Z"}

    answer = api.post(path_of(complaint, "messages"), body)
    kept = api.post(path_of(complaint, "messages"), body | {"kind": "reply"})

    assert [error["field"] for error in answer.json()["errors"]] == ["next_contact_at"]
    assert kept.status_code == 201
    assert (
        Promise.objects.get(kind="next_contact").due_at.isoformat() == "2026-03-03T10:00:00+00:00"
    )


def test_actions_need_the_version_that_was_seen(api, complaint, agent):
    body = {"assignee": agent.pk, "lead": agent.pk}

    assert api.post(path_of(complaint, "assign"), body).status_code == 428
    assert (
        api.post(path_of(complaint, "assign"), body, headers={"If-Match": '"9"'}).status_code == 412
    )
    done = api.post(path_of(complaint, "assign"), body, headers=match(complaint))
    assert done.json()["lead"] == str(agent.pk)


def test_clocks_of_a_complaint(program, complaint):
    clocks = program.get(path_of(complaint, "clocks")).json()["results"]

    assert {each["metric"]: each["target_seconds"] for each in clocks} == {
        "first_response": 2 * 3600, "resolution": 8 * 3600,
    }  # fmt: skip


def test_files_come_and_go(program, complaint, uploads):
    upload = SimpleUploadedFile("till.txt", b"E17")

    added = program.post(path_of(complaint, "attachments"), {"file": upload}, format="multipart")
    [listed] = program.get(path_of(complaint, "attachments")).json()["results"]
    file = program.get(path_of(complaint, f"attachments/{listed['id']}"))

    assert added.status_code == 201
    assert added.json() == listed
    assert b"".join(file.streaming_content) == b"E17"
    assert file["Content-Disposition"] == 'attachment; filename="till.txt"'
    assert file["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert program.get(path_of(complaint, f"attachments/{complaint.pk}")).status_code == 404


def test_refused_files_say_why(api, complaint, uploads):
    upload = SimpleUploadedFile("x.txt", b"<html>")

    answer = api.post(path_of(complaint, "attachments"), {"file": upload}, format="multipart")

    assert (answer.status_code, answer.json()["code"]) == (409, "file_refused")


def test_callbacks_are_listed_and_recorded(api, resolved, manager):
    [call] = api.get(CALLBACKS).json()["results"]
    path = f"{CALLBACKS}/{call['id']}/outcome"

    done = api.post(path, {"outcome": "satisfied"}, headers={"If-Match": f'"{call["version"]}"'})

    assert (call["complaint"], call["caller"]) == (str(resolved.pk), str(manager.pk))
    assert call["due_at"] == "2026-03-04T16:00:00Z"
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    assert [each["kind"] for each in api.get(CALLBACKS).json()["results"]] == ["pulse"]


def test_two_callers_with_the_same_version_count_as_one_try(api, resolved):
    callback = Promise.objects.get(kind="callback")
    path, seen = f"{CALLBACKS}/{callback.pk}/outcome", match(callback)

    first = api.post(path, {"outcome": "no_answer"}, headers=seen)
    second = api.post(path, {"outcome": "no_answer"}, headers=seen)

    assert (first.status_code, second.status_code) == (200, 412)
    callback.refresh_from_db()
    assert callback.tries == 1


def test_stale_call_is_refused_inside_the_operation(resolved, manager, now):
    callback = Promise.objects.get(kind="callback")
    callback.expect(callback.version + 1)

    with pytest.raises(StaleVersion):
        services.record_callback(
            actor=manager, complaint=resolved, outcome="satisfied", callback=callback, now=now
        )
    assert Complaint.objects.get().state == "resolved"


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_few_questions_however_long_they_are(
    api, log, count, django_assert_max_num_queries
):
    for _number in range(count):
        log()
    api.get(COMPLAINTS)

    with django_assert_max_num_queries(3):
        assert len(numbers(api.get(COMPLAINTS))) == count
