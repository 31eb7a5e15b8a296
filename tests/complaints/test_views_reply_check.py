"""The reply check, the suppliers and what was sent despite the check: on pages and over REST."""

import pytest

from complaints import services
from complaints.models import Message, Supplier
from tests.conftest import HTMX

STOPPED = "It is the courier's fault, please contact the carrier directly."
PLAIN = "We are sorry that you waited. We will replace the unit today."
REASON = "The client asked for the carrier's number."
CALLED_OFF = "Our courier let us down, it is not our fault."


@pytest.fixture
def agents(sign_in, agent):
    return sign_in(agent)


def address(complaint, verb="reply"):
    return f"/complaints/{complaint.pk}/{verb}/"


def check_address(complaint, verb="reply"):
    return f"/complaints/{complaint.pk}/check/?verb={verb}"


def send(agents, complaint, **told):
    return agents.post(address(complaint), {"version": complaint.version, **told})


def test_a_box_for_the_client_is_checked_while_one_types(agents, in_progress):
    page = agents.get(address(in_progress)).content.decode()

    box = f"reply-{in_progress.no}-body"
    assert f'hx-post="{check_address(in_progress)}"' in page
    assert f"input changed delay:700ms from:#{box}" in page
    assert f'id="{box}-check"' in page


def test_a_note_is_written_without_a_check(agents, in_progress):
    assert "reply-check" not in agents.get(address(in_progress, "add-note")).content.decode()


def test_the_check_shows_marks_reasons_and_better_sentences_and_sends_nothing(agents, in_progress):
    before = Message.objects.count()

    part = agents.post(check_address(in_progress), {"body": STOPPED}, headers=HTMX)

    html = part.content.decode()
    assert part.status_code == 200
    assert "<html" not in html
    assert '<mark class="blame">contact the carrier</mark>' in html
    assert "Stop: this puts the blame on others." in html
    assert "Blaming a supplier or other third party" in html
    assert 'data-better="We chose our suppliers' in html
    assert f'data-text="reply-{in_progress.no}-body"' in html
    assert "Read as English" in html
    assert Message.objects.count() == before


def test_what_is_typed_is_shown_as_text(agents, in_progress):
    typed = "<b hx-get='/x'>not our fault</b>"

    html = agents.post(check_address(in_progress), {"body": typed}, headers=HTMX).content.decode()

    assert "<b hx-get" not in html
    assert "&lt;b hx-get" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAIN, "Nothing in it puts the blame on others."),
        (CALLED_OFF, "Stop: this puts the blame on others."),
        ("These things happen.", "This may be read as blame."),
        ("For technical reasons we come at nine.", "What is marked could still be said better."),
    ],
)
def test_the_verdict_is_told_in_words(text, said, agents, in_progress):
    html = agents.post(check_address(in_progress), {"body": text}, headers=HTMX)

    assert said in html.content.decode()


def test_an_empty_box_is_told_nothing(agents, in_progress):
    part = agents.post(check_address(in_progress), {"body": " "}, headers=HTMX)

    assert part.content.decode().strip() == ""


def test_a_suppliers_case_is_told_nothing(agents, in_progress):
    told = {"body": STOPPED, "waiting_for": "supplier"}

    part = agents.post(check_address(in_progress, "wait"), told, headers=HTMX)

    assert part.content.decode().strip() == ""


def test_a_first_answer_without_an_apology_gets_a_hint(agents, complaint):
    told = {"body": "The technician comes tomorrow at nine."}

    html = agents.post(check_address(complaint), told, headers=HTMX).content.decode()

    assert "There is no apology in it" in html


def test_without_scripts_the_check_is_a_page_with_the_form_as_typed(agents, in_progress):
    page = agents.post(check_address(in_progress), {"body": STOPPED})

    html = page.content.decode()
    assert "<html" in html
    assert f'action="{address(in_progress)}"' in html
    assert STOPPED.replace("'", "&#x27;") in html
    assert '<mark class="blame">' in html


@pytest.mark.parametrize("verb", ["add_note", "nothing", ""])
def test_only_letters_are_checked(verb, agents, in_progress):
    assert agents.post(check_address(in_progress, verb), {"body": STOPPED}).status_code == 404


def test_who_may_not_write_may_not_check(sign_in, people, in_progress):
    finance = sign_in(people["fi"])

    assert finance.post(check_address(in_progress), {"body": PLAIN}).status_code == 403


def test_a_refused_letter_shows_the_marks_and_asks_for_a_reason(agents, in_progress):
    asked = 'name="override_reason"'
    assert f'type="hidden" {asked}' in agents.get(address(in_progress)).content.decode()

    refused = send(agents, in_progress, body=STOPPED)

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Send it all the same, because" in html
    assert f'type="text" {asked}' in html
    assert '<mark class="blame">' in html

    sent = send(agents, in_progress, body=STOPPED, override_reason=REASON)
    assert sent.status_code == 302
    assert Message.objects.get(override_reason=REASON).body == STOPPED


def test_a_technician_is_asked_for_no_reason(sign_in, technician, manager, agent, in_progress, now):
    services.assign(actor=agent, complaint=in_progress, assignee=technician, lead=manager, now=now)

    refused = send(sign_in(technician), in_progress, body=STOPPED)

    assert refused.status_code == 409
    assert "Send it all the same, because" not in refused.content.decode()


def test_the_reason_stays_on_the_form_when_something_else_is_wrong(agents, in_progress):
    told = {"body": STOPPED, "override_reason": REASON, "next_contact_at": "tomorrow"}

    page = send(agents, in_progress, **told)

    assert page.status_code == 422
    assert "Send it all the same, because" in page.content.decode()


@pytest.fixture
def overridden(in_progress, agent, now):
    return services.reply(
        actor=agent, complaint=in_progress, body=STOPPED, override_reason=REASON, now=now
    )


def test_the_head_reads_what_was_sent_despite_the_check(sign_in, head, overridden, in_progress):
    html = sign_in(head).get("/complaints/overrides/").content.decode()

    assert in_progress.no in html
    assert REASON.replace("'", "&#x27;") in html
    assert '<mark class="blame">contact the carrier</mark>' in html
    assert overridden.author.name in html


@pytest.mark.parametrize("role", ["am", "sa", "te", "fi", "ex", "ad"])
def test_nobody_else_reads_it(role, sign_in, people, overridden):
    assert sign_in(people[role]).get("/complaints/overrides/").status_code == 403


def test_overrides_cost_the_same_for_one_and_three(
    sign_in, head, agent, overridden, in_progress, query_count, now
):
    heads = sign_in(head)
    one = query_count(heads, "/complaints/overrides/")
    for _ in range(2):
        services.reply(
            actor=agent, complaint=in_progress, body=STOPPED, override_reason=REASON, now=now
        )

    assert query_count(heads, "/complaints/overrides/") == one


def test_the_directory_is_kept_on_pages(agents, agent):
    agents.post(
        "/complaints/suppliers/add/", {"name": "Speedy", "aliases": "Спиди\r\n\r\nSpeedy AD\r\n"}
    )
    supplier = Supplier.objects.get()
    assert supplier.aliases == ["Спиди", "Speedy AD"]
    page = f"/complaints/suppliers/{supplier.pk}/"
    assert "Спиди\nSpeedy AD</textarea>" in agents.get(page).content.decode()

    edited = {"name": "Speedy", "aliases": "Спиди", "notes": "Sofia", "version": 1}
    assert agents.post(page, edited).status_code == 302
    assert agents.post(f"{page}archive/").status_code == 302
    assert "Speedy" not in agents.get("/complaints/suppliers/").content.decode()
    assert "Speedy" in agents.get("/complaints/suppliers/?archived").content.decode()
    assert agents.post(f"{page}restore/").status_code == 302
    assert "Sofia" in agents.get("/complaints/suppliers/").content.decode()


@pytest.mark.parametrize(
    ("aliases", "sentence"),
    [
        ("\n".join(f"name {n}" for n in range(21)), "At most 20 names."),
        ("x" * 121, "One of the names is too long"),
    ],
)
def test_too_many_or_too_long_names_are_refused(aliases, sentence, agents):
    page = agents.post("/complaints/suppliers/add/", {"name": "Speedy", "aliases": aliases})

    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_the_same_supplier_twice_is_refused_on_the_page(agents, agent, now):
    services.add_supplier(actor=agent, name="Speedy", now=now)

    page = agents.post("/complaints/suppliers/add/", {"name": "SPEEDY"})

    assert page.status_code == 409


def test_suppliers_cost_the_same_for_one_and_three(agents, agent, query_count, now):
    services.add_supplier(actor=agent, name="One", now=now)
    one = query_count(agents, "/complaints/suppliers/")
    for name in ("Two", "Three"):
        services.add_supplier(actor=agent, name=name, now=now)

    assert query_count(agents, "/complaints/suppliers/") == one


def test_an_administrator_sees_no_supplier(sign_in, admin):
    assert sign_in(admin).get("/complaints/suppliers/").status_code == 403


def test_a_draft_is_checked_over_rest(rest, agent, in_progress):
    told = {"text": STOPPED, "complaint": str(in_progress.pk)}

    answer = rest(agent).post("/api/v1/reply-checks", told)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["language"], body["score"], body["verdict"]) == ("en", 7, "stop")
    assert (body["is_held"], body["ownership_found"]) == (True, False)
    first, second = body["hits"]
    assert STOPPED[second["start"] : second["end"]] == second["phrase"] == "contact the carrier"
    assert first["why"] == "Blaming a supplier or other third party"
    assert first["suggestion"].startswith("We chose our suppliers")


def test_a_program_checks_its_drafts_in_a_language_it_names(program):
    answer = program.post("/api/v1/reply-checks", {"text": "Случва се.", "language": "bg"})

    assert answer.json()["verdict"] == "review"


@pytest.mark.parametrize(
    "told", [{}, {"text": ""}, {"text": "x", "language": "de"}, {"text": "x", "extra": 1}]
)
def test_a_draft_of_another_shape_is_refused(told, program):
    assert program.post("/api/v1/reply-checks", told).status_code == 400


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("messages", {"kind": "reply", "body": STOPPED}),
        ("wait", {"waiting_for": "client", "body": STOPPED}),
    ],
)
def test_rest_answers_a_stopped_letter_with_code_and_phrases(
    action, told, rest, agent, in_progress
):
    program = rest(agent)
    headers = {"If-Match": f'"{in_progress.version}"'}
    path = f"/api/v1/complaints/{in_progress.pk}/{action}"

    refused = program.post(path, told, headers=headers)

    body = refused.json()
    assert (refused.status_code, body["code"], body["score"]) == (409, "reply_check_stop", 7)
    assert [hit["phrase"] for hit in body["hits"]] == ["courier's fault", "contact the carrier"]
    sent = program.post(path, told | {"override_reason": REASON}, headers=headers)
    assert sent.status_code in {200, 201}
    assert Message.objects.get(body=STOPPED).override_reason == REASON


def test_only_a_reply_takes_a_reason(rest, agent, in_progress):
    told = {"kind": "note", "body": STOPPED, "override_reason": REASON}

    answer = rest(agent).post(f"/api/v1/complaints/{in_progress.pk}/messages", told)

    assert answer.status_code == 400


def test_the_head_lists_overrides_over_rest(rest, head, agent, overridden):
    (row,) = rest(head).get("/api/v1/reply-overrides").json()["results"]

    assert (row["reason"], row["score"], row["hits"]) == (REASON, 7, ["en-02", "en-05"])
    assert rest(agent).get("/api/v1/reply-overrides").json()["results"] == []


def test_suppliers_over_rest(rest, agent, program):
    client = rest(agent)
    made = client.post("/api/v1/suppliers", {"name": "Speedy", "aliases": ["Спиди"]})
    assert made.status_code == 201
    path = f"/api/v1/suppliers/{made.json()['id']}"

    changed = client.patch(path, {"notes": "Sofia"}, headers={"If-Match": made["ETag"]})
    assert (changed.json()["aliases"], changed.json()["notes"]) == (["Спиди"], "Sofia")
    away = client.post(f"{path}/archive", headers={"If-Match": changed["ETag"]})
    assert away.json()["archived_at"]
    assert client.get("/api/v1/suppliers?archived=false").json()["results"] == []
    assert len(client.get("/api/v1/suppliers?archived=true").json()["results"]) == 1
    back = client.post(f"{path}/restore", headers={"If-Match": away["ETag"]})
    assert back.json()["archived_at"] is None
    assert program.get("/api/v1/suppliers").json()["results"] == []
