"""Notices over REST: the same services, the same refusals."""

from dataclasses import asdict

import pytest

from complaints import services
from complaints.models import Notice, Recipient
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import BATCH, DEADLINE, ENGLISH, ITEM, client, draft_of, hold

NOTICES = "/api/v1/notices"


def body(contact, **given):
    return {
        "kind": "safety", "item": ITEM, "batch": BATCH, "deadline": DEADLINE.isoformat(),
        "contact": str(contact.pk), "texts": [{"language": "en", **asdict(ENGLISH)}], **given,
    }  # fmt: skip


def match(row):
    row.refresh_from_db()
    return {"If-Match": f'"{row.version}"'}


@pytest.fixture
def notice(technician, manager, now):
    return services.draft_notice(actor=technician, draft=draft_of(manager), now=now)


@pytest.fixture
def sent(notice, head, executive, now):
    hold(client("Halden"))
    for person in (head, executive):
        services.approve_notice(actor=person, notice=notice, now=now)
    services.send_notice(actor=head, notice=notice, now=now)
    run_due(now)
    return notice


def below(notice, recipient, part=""):
    return f"{NOTICES}/{notice.pk}/recipients/{recipient.pk}{part and '/' + part}"


def test_a_notice_goes_its_whole_way_over_rest(rest, technician, head, executive, manager, now):
    hold(client("Halden"))

    drafted = rest(technician).post(NOTICES, body(manager))
    notice = Notice.objects.get()
    path = f"{NOTICES}/{notice.pk}"
    assert (drafted.status_code, drafted["Location"]) == (201, path)
    assert drafted.json()["texts"] == [{"language": "en", **asdict(ENGLISH)}]
    rest(head).post(f"{path}/approve", headers=match(notice))
    approved = rest(executive).post(f"{path}/approve", headers=match(notice))
    assert approved.json()["state"] == "approved"
    assert rest(manager).post(f"{path}/send", headers=match(notice)).json()["state"] == "sending"
    run_due(now)
    row = Recipient.objects.get()
    read = rest(head).post(below(notice, row, "acknowledge"), headers=match(row))
    assert (read.status_code, read.json()["state"]) == (200, "acknowledged")
    closed = rest(manager).post(f"{path}/close", headers=match(notice))

    assert closed.json()["state"] == "closed"
    assert closed.json()["coverage"] == {
        "recipients": 1, "acknowledged": 1, "acted": 0, "unreachable": 0,
        "coverage_pct": "100.00", "action_pct": "0.00",
    }  # fmt: skip


def test_a_patch_leaves_what_it_does_not_name(rest, technician, notice):
    answer = rest(technician).patch(
        f"{NOTICES}/{notice.pk}", {"batch": "B-9"}, headers=match(notice)
    )

    assert (answer.status_code, answer.json()["batch"]) == (200, "B-9")
    assert answer.json()["texts"] == [{"language": "en", **asdict(ENGLISH)}]
    assert answer.json()["deadline"] == DEADLINE.isoformat()


def test_a_language_told_twice_is_refused(rest, technician, manager):
    twice = [{"language": "en", **asdict(ENGLISH)}] * 2

    answer = rest(technician).post(NOTICES, body(manager, texts=twice))

    assert (answer.status_code, Notice.objects.count()) == (400, 0)


def test_blame_is_refused_with_its_phrases(rest, head, technician, manager, now):
    text = {"language": "en", **asdict(ENGLISH), "what": "It is not our fault: you misused it."}
    rest(technician).post(NOTICES, body(manager, texts=[text]))
    notice = Notice.objects.get()

    answer = rest(head).post(f"{NOTICES}/{notice.pk}/approve", headers=match(notice))

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "reply_check_stop")
    assert "not our fault" in str(problem["hits"])


def test_the_check_tells_who_would_hear_and_what_is_wrong(rest, technician, manager):
    account = client("Sirin")
    account.contacts.update(language="ru")
    hold(account, quantity=4)
    rest(technician).post(NOTICES, body(manager, deadline=None))
    notice = Notice.objects.get()

    told = rest(technician).get(f"{NOTICES}/{notice.pk}/check").json()

    assert (told["recipients"], told["pieces"], told["languages"]) == (1, 4, {"ru": 1})
    assert told["missing_languages"] == {"ru": 1}
    assert [fault["code"] for fault in told["faults"]] == ["deadline_missing"]


def test_recipients_are_listed_and_filtered(rest, head, sent):
    rows = rest(head).get(f"{NOTICES}/{sent.pk}/recipients?state=sent").json()["results"]
    none = rest(head).get(f"{NOTICES}/{sent.pk}/recipients?state=bounced").json()["results"]

    assert ([row["name"] for row in rows], none) == (["Halden"], [])
    assert [each["channel"] for each in rows[0]["tries"]] == ["email"]


@pytest.mark.parametrize(
    ("part", "body", "code"),
    [
        ("record-try", {"channel": "phone", "outcome": "unreachable"}, "tries_missing"),
        ("acknowledge", {}, "illegal_transition"),
    ],
)
def test_refusals_carry_their_codes(part, body, code, rest, head, sent, now):
    row = Recipient.objects.get()
    if part == "acknowledge":
        services.acknowledge_recipient(actor=SYSTEM, recipient=row, now=now)

    answer = rest(head).post(below(sent, row, part), body, headers=match(row))

    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_a_recipient_of_another_notice_is_not_found(rest, head, sent, technician, manager, now):
    other = services.draft_notice(actor=technician, draft=draft_of(manager), now=now)
    row = Recipient.objects.get()

    assert rest(head).get(below(other, row)).status_code == 404
    assert rest(head).get(below(sent, row)).status_code == 200


def test_programs_read_no_notice(program, sent):
    assert program.get(NOTICES).json()["results"] == []
    assert program.get(f"{NOTICES}/{sent.pk}").status_code == 404
    assert program.get(f"{NOTICES}/{sent.pk}/recipients").status_code == 404


@pytest.mark.parametrize("part", ["", "/recipients"])
def test_lists_cost_the_same_for_one_and_three_rows(
    part, rest, head, sent, technician, manager, query_count, now
):
    api, path = rest(head), f"{NOTICES}{'/' + str(sent.pk) if part else ''}{part}"
    few = query_count(api, path)
    for number in range(2):
        services.draft_notice(actor=technician, draft=draft_of(manager), now=now)
        Recipient.objects.create(notice=sent, name=f"Person {number}")

    assert query_count(api, path) == few
