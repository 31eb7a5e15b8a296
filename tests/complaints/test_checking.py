"""The reply check where it decides: what goes out, what is held, what its writer is told."""

from decimal import Decimal

import pytest
from django.utils import translation

from complaints import services
from complaints.checking import ReplyCheckStop, told_of_draft, told_of_reply
from complaints.models import Finding, Message, Supplier
from complaints.overrides import override_list, overrides_of
from complaints.services.supplier import SupplierKnown
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail

STOPPED = "It is the courier's fault, please contact the carrier directly."
REVIEWED = "We are very sorry. There was a delay at our supplier because of our supplier."
PLAIN = "We are sorry that you waited. We will replace the unit today."
REASON = "The client asked for the carrier's number."


def reply(actor, complaint, body, now, **how):
    return services.reply(actor=actor, complaint=complaint, body=body, now=now, **how)


def test_a_text_that_blames_others_is_not_sent(in_progress, agent, now):
    letters, entries = OutgoingMail.objects.count(), AuditEntry.objects.count()

    with pytest.raises(ReplyCheckStop) as refusal:
        reply(agent, in_progress, STOPPED, now)

    assert refusal.value.code == "reply_check_stop"
    assert refusal.value.facts["score"] == 7
    assert [hit["phrase"] for hit in refusal.value.facts["hits"]] == [
        "courier's fault", "contact the carrier",
    ]  # fmt: skip
    assert not Message.objects.filter(body=STOPPED).exists()
    assert (OutgoingMail.objects.count(), AuditEntry.objects.count()) == (letters, entries)


def test_facts_of_a_refusal_say_why_in_the_readers_language_and_better_in_the_texts(
    in_progress, agent, now
):
    with translation.override("ru"), pytest.raises(ReplyCheckStop) as refusal:
        reply(agent, in_progress, STOPPED, now)

    first = refusal.value.facts["hits"][0]
    assert STOPPED[first["start"] : first["end"]] == first["phrase"]
    assert first["category"] == "supplier"
    assert first["why"] == "Обвинение поставщика или третьих лиц"
    assert first["suggestion"].startswith("We chose our suppliers")


def test_a_reason_sends_it_all_the_same_and_is_kept(in_progress, agent, now):
    message = reply(agent, in_progress, STOPPED, now, override_reason=f"  {REASON} ")

    message.refresh_from_db()
    assert message.override_reason == REASON
    assert message.check_score == Decimal("7.0")
    assert message.check_hits == ["en-02", "en-05"]
    assert OutgoingMail.objects.filter(body__contains=STOPPED).exists()


@pytest.mark.parametrize("text", [PLAIN, REVIEWED])
def test_a_reason_that_nothing_asked_for_is_not_kept(text, in_progress, agent, now):
    message = reply(agent, in_progress, text, now, override_reason=REASON)

    assert message.override_reason == ""


def test_a_technician_rewrites_or_asks(in_progress, agent, technician, manager, now):
    services.assign(actor=agent, complaint=in_progress, assignee=technician, lead=manager, now=now)

    with pytest.raises(ReplyCheckStop, match="ask the account manager"):
        reply(technician, in_progress, STOPPED, now, override_reason=REASON)


def test_what_is_only_to_review_is_sent_with_its_score(in_progress, agent, now):
    message = reply(agent, in_progress, REVIEWED, now)

    message.refresh_from_db()
    assert 2 <= message.check_score < 5


def test_the_first_answer_to_a_p1_is_never_held(log, agent, now):
    gravest = log(impact=1, urgency=1)

    message = reply(agent, gravest, STOPPED, now)

    message.refresh_from_db()
    assert (message.check_score, message.override_reason) == (Decimal("7.0"), "")
    with pytest.raises(ReplyCheckStop):
        reply(agent, gravest, STOPPED, now)


@pytest.mark.parametrize(("channel", "is_checked"), [("messenger", True), ("phone", False)])
def test_what_was_said_aloud_is_not_checked(channel, is_checked, in_progress, agent, now):
    def record():
        reply(agent, in_progress, STOPPED, now, channel=channel)

    if is_checked:
        with pytest.raises(ReplyCheckStop):
            record()
    else:
        record()
        assert Message.objects.get(body=STOPPED).check_score is None


def test_a_note_is_not_checked(in_progress, agent, now):
    note = services.add_note(actor=agent, complaint=in_progress, body=STOPPED, now=now)

    assert (note.check_score, note.check_hits) == (None, [])


@pytest.mark.parametrize("waiting_for", ["client", "supplier"])
def test_a_question_is_checked_and_a_suppliers_case_is_not(waiting_for, in_progress, agent, now):
    def wait():
        services.wait(
            actor=agent, complaint=in_progress, waiting_for=waiting_for, body=STOPPED, now=now
        )

    if waiting_for == "supplier":
        wait()
        assert in_progress.state == "waiting_supplier"
    else:
        with pytest.raises(ReplyCheckStop):
            wait()


def test_names_of_the_directory_count_as_long_as_they_are_in_it(in_progress, agent, now):
    text = "Это вина Verizon, по вине Веризон мы ждали."
    supplier = services.add_supplier(actor=agent, name="Verizon", aliases=["Веризон"], now=now)

    with pytest.raises(ReplyCheckStop):
        reply(agent, in_progress, text, now)

    services.archive_supplier(actor=agent, supplier=supplier, now=now)
    assert reply(agent, in_progress, text, now).check_hits == []


def test_a_text_that_says_nothing_of_its_language_is_read_as_the_clients(in_progress):
    """The contact reads Bulgarian."""
    assert told_of_reply(in_progress, "Случва се.").language == "bg"
    assert told_of_reply(in_progress, STOPPED).language == "en"


def test_the_first_answer_should_own_up(complaint, agent, now):
    cold = "The technician comes tomorrow at nine."

    assert told_of_reply(complaint, cold).lacks_ownership
    assert not told_of_reply(complaint, PLAIN).lacks_ownership

    reply(agent, complaint, PLAIN, now)
    assert not told_of_reply(complaint, cold).lacks_ownership
    assert told_of_reply(complaint, cold, resolves=True).lacks_ownership


def test_nobody_owns_up_to_what_is_not_justified(complaint):
    Finding.objects.create(complaint=complaint, justified=Finding.Justified.NO)

    assert not told_of_reply(complaint, "The technician comes tomorrow.").lacks_ownership


def test_the_sentence_around_a_phrase_is_marked(in_progress):
    text = f"Good morning.\r\nThe unit is here. {STOPPED} Best regards!"

    (sentence,) = told_of_reply(in_progress, text).sentences

    assert sentence.text == STOPPED
    assert [piece for piece, is_marked in sentence.pieces if is_marked] == [
        "courier's fault", "contact the carrier",
    ]  # fmt: skip
    assert "".join(piece for piece, _ in sentence.pieces) == STOPPED
    assert len(sentence.suggestions) == 1


def test_each_sentence_has_its_own_remarks(in_progress):
    told = told_of_reply(in_progress, "Not our fault. We wait.\nThese things happen, calm down!")

    assert [sentence.text for sentence in told.sentences] == [
        "Not our fault.", "These things happen, calm down!",
    ]  # fmt: skip
    assert [len(sentence.remarks) for sentence in told.sentences] == [1, 2]


def test_a_sentence_without_end_is_cut(in_progress):
    told = told_of_reply(in_progress, f"{'word ' * 300}not our fault {'word ' * 300}")

    assert len(told.sentences[0].text) < 900
    assert "not our fault" in told.sentences[0].text


def test_dots_that_are_left_to_fill_in_are_told(in_progress):
    better = told_of_reply(in_progress, STOPPED).sentences[0].suggestions[0]

    assert told_of_reply(in_progress, better).has_blanks
    assert not told_of_reply(in_progress, "We wait… and see.").has_blanks


def test_a_program_learns_nothing_of_the_directory(people, agent, now):
    services.add_supplier(actor=agent, name="Verizon", now=now)
    text = "Это вина Verizon, они не сделали работу."

    assert told_of_draft(agent, text).score == 4
    assert told_of_draft(people["api"], text).score == 0


def test_the_heads_read_what_was_sent_despite_the_check(in_progress, agent, head, executive, now):
    reply(agent, in_progress, PLAIN, now)
    message = reply(agent, in_progress, STOPPED, now, override_reason=REASON)

    (override,) = overrides_of(override_list(head))

    assert override.message == message
    assert [each.text for each in override.sentences] == [STOPPED]
    assert not override_list(agent).exists()
    assert not override_list(executive).exists()


def test_suppliers_are_added_changed_put_away_and_taken_back(agent, now):
    supplier = services.add_supplier(
        actor=agent, name=" Speedy  AD ", aliases=["Спиди", "", "Спиди"], notes=" Sofia ", now=now
    )
    assert (supplier.name, supplier.aliases, supplier.notes) == ("Speedy AD", ["Спиди"], "Sofia")

    services.edit_supplier(actor=agent, supplier=supplier, name="speedy ad", now=now)
    services.archive_supplier(actor=agent, supplier=supplier, now=now)
    assert not Supplier.objects.current().exists()
    services.restore_supplier(actor=agent, supplier=supplier, now=now)

    assert Supplier.objects.current().get().name == "speedy ad"
    verbs = AuditEntry.objects.filter(target_id=supplier.pk).order_by("id")
    assert [entry.verb.partition(".")[2] for entry in verbs] == [
        "add_supplier", "edit_supplier", "archive_supplier", "restore_supplier",
    ]  # fmt: skip


def test_a_supplier_is_in_the_directory_once(agent, now):
    supplier = services.add_supplier(actor=agent, name="Еконт", now=now)
    services.archive_supplier(actor=agent, supplier=supplier, now=now)

    with pytest.raises(SupplierKnown):
        services.add_supplier(actor=agent, name="ЕКОНТ", now=now)


def test_what_is_put_away_is_not_put_away_again(agent, now):
    supplier = services.add_supplier(actor=agent, name="Econt", now=now)

    with pytest.raises(InvalidTransition):
        services.restore_supplier(actor=agent, supplier=supplier, now=now)
    services.archive_supplier(actor=agent, supplier=supplier, now=now)
    with pytest.raises(InvalidTransition):
        services.archive_supplier(actor=agent, supplier=supplier, now=now)
