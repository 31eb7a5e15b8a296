from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from complaints import services
from complaints.checking import ReplyCheckStop
from complaints.models import Notice, NoticeText, Problem, Recipient, Supplier
from complaints.services.notice import (
    AlreadyApproved,
    LanguagesMissing,
    NobodyAffected,
    NoticeIncomplete,
    NoticeNotReady,
    RecipientsOpen,
    SamePerson,
)
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, OutgoingMail
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import ENGLISH, RUSSIAN, client, draft_of, hold
from tests.factories import UserFactory


@pytest.fixture
def draft(technician, manager, now):
    """Return a function that drafts a safety notice of the technician; the manager is its contact."""

    def make(**given):
        return services.draft_notice(actor=technician, draft=draft_of(manager, **given), now=now)

    return make


@pytest.fixture
def approved(draft, head, executive, now):
    def make(**given):
        notice = draft(**given)
        services.approve_notice(actor=head, notice=notice, now=now)
        if notice.kind == "safety":
            services.approve_notice(actor=executive, notice=notice, now=now)
        return notice

    return make


def test_a_draft_has_a_number_its_texts_and_tells_who_must_approve(draft, head, executive, manager):
    notice = draft(texts={"en": ENGLISH, "ru": RUSSIAN})

    assert (notice.no, notice.state) == ("NTC-2026-00001", "draft")
    assert {text.language: text.what for text in notice.texts.all()} == {
        "en": ENGLISH.what, "ru": RUSSIAN.what,
    }  # fmt: skip
    heard = Notification.objects.filter(entry__verb="complaints.draft_notice")
    assert {each.recipient for each in heard} == {head, executive}


def test_a_quality_notice_asks_no_executive(draft, head):
    draft(kind="quality")

    heard = Notification.objects.filter(entry__verb="complaints.draft_notice")
    assert {each.recipient for each in heard} == {head}


@pytest.mark.parametrize("role", ["fi", "ex", "ad", "api"])
def test_who_does_not_write_notices_is_refused(role, people, manager, now):
    with pytest.raises(PermissionDenied):
        services.draft_notice(actor=people[role], draft=draft_of(manager), now=now)

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "given", [{"item": " "}, {"texts": {}}, {"texts": {"en": replace(ENGLISH, risk=" ")}}]
)
def test_no_part_of_a_notice_may_be_left_out(given, draft):
    with pytest.raises(NoticeIncomplete):
        draft(**given)

    assert not Notice.objects.exists()


def test_drafting_decides_that_the_problem_needs_a_notice(technician, manager, now):
    problem = Problem.objects.create(
        no="PRB-1", root_cause="product_defect", owner=technician, opened_at=now, seen_in=3
    )

    notice = services.draft_notice(
        actor=technician, draft=draft_of(manager), problem=problem, now=now
    )

    problem.refresh_from_db()
    assert (problem.notice_decided_at, notice.problem) == (now, problem)


def test_two_people_approve_a_safety_notice_and_neither_wrote_it(draft, head, executive, now):
    notice = draft()

    services.approve_notice(actor=head, notice=notice, now=now)
    assert notice.state == "draft"
    services.approve_notice(actor=executive, notice=notice, now=now)

    assert notice.state == "approved"
    assert {(each.role, each.by) for each in notice.approvals.all()} == {
        ("hk", head), ("ex", executive),
    }  # fmt: skip


def test_a_head_is_enough_for_other_notices_and_an_executive_may_not(draft, head, executive, now):
    notice = draft(kind="quality")

    with pytest.raises(PermissionDenied):
        services.approve_notice(actor=executive, notice=notice, now=now)
    services.approve_notice(actor=head, notice=notice, now=now)

    assert notice.state == "approved"


def test_nobody_approves_what_he_wrote_or_changed(draft, head, manager, now):
    own = services.draft_notice(actor=head, draft=draft_of(manager, kind="quality"), now=now)
    changed = draft(kind="quality")
    services.edit_notice(
        actor=head, notice=changed, draft=draft_of(manager, kind="quality", batch="B-3"), now=now
    )

    for notice in (own, changed):
        with pytest.raises(SamePerson):
            services.approve_notice(actor=head, notice=notice, now=now)
    assert not own.approvals.exists()


def test_one_person_with_both_roles_says_yes_once(draft, now):
    both = UserFactory(roles=["hk", "ex"])
    notice = draft()
    services.approve_notice(actor=both, notice=notice, now=now)

    with pytest.raises(SamePerson):
        services.approve_notice(actor=both, notice=notice, now=now)
    assert notice.state == "draft"


def test_a_second_head_adds_nothing(draft, head, now):
    notice = draft()
    services.approve_notice(actor=head, notice=notice, now=now)

    with pytest.raises(AlreadyApproved):
        services.approve_notice(actor=UserFactory(roles=["hk"]), notice=notice, now=now)


def test_a_change_takes_the_approvals_away(approved, technician, manager, now):
    notice = approved()

    services.edit_notice(
        actor=technician, notice=notice, draft=draft_of(manager, batch="B-9"), now=now
    )

    assert (notice.state, notice.approvals.count(), notice.edited_by) == ("draft", 0, technician)
    entry = AuditEntry.objects.get(verb="complaints.edit_notice")
    assert (entry.details["voided"], entry.changes["batch"]) == (2, ["B-2026-02", "B-9"])


def test_history_keeps_the_words_of_before(draft, technician, manager, now):
    notice = draft(texts={"en": ENGLISH, "ru": RUSSIAN})

    fresh = replace(ENGLISH, what="We found that it can melt.")
    services.edit_notice(
        actor=technician, notice=notice, draft=draft_of(manager, texts={"en": fresh}), now=now
    )

    changes = AuditEntry.objects.get(verb="complaints.edit_notice").changes
    assert changes["en.what"] == [ENGLISH.what, fresh.what]
    assert changes["ru"][1] is None
    assert [text.language for text in notice.texts.all()] == ["en"]


BLAMING = replace(ENGLISH, what="Our supplier failed us: it is not our fault, you misused it.")
SMALL = replace(ENGLISH, what="As a precaution we check adapters that in rare cases overheat.")


def test_a_notice_that_blames_is_not_approved_and_says_where(draft, head, now):
    notice = draft(texts={"en": BLAMING})

    with pytest.raises(ReplyCheckStop) as refusal:
        services.approve_notice(actor=head, notice=notice, now=now)

    assert refusal.value.code == "reply_check_stop"
    assert "supplier" in str([hit["phrase"] for hit in refusal.value.facts["hits"]]).lower()
    assert not notice.approvals.exists()


def test_the_directory_counts_as_third_parties_in_notices_too(draft, head, now):
    Supplier.objects.create(name="Voltano")
    notice = draft(texts={"en": replace(ENGLISH, what="This happened because of Voltano.")})

    with pytest.raises(ReplyCheckStop):
        services.approve_notice(actor=head, notice=notice, now=now)


def test_what_the_supplier_writes_may_not_blame_either(draft, head, now):
    notice = draft(partner_text="The dealer is to blame: it is not our fault, you misused it.")

    with pytest.raises(ReplyCheckStop):
        services.approve_notice(actor=head, notice=notice, now=now)


def test_a_safety_notice_never_plays_the_danger_down(draft, head, now):
    notice = draft(texts={"en": SMALL})

    with pytest.raises(NoticeNotReady) as refusal:
        services.approve_notice(actor=head, notice=notice, now=now)

    assert refusal.value.code == "danger_played_down"
    assert "As a precaution" in str(refusal.value.sentence)


def test_other_notices_may_speak_of_precaution(draft, head, now):
    notice = draft(kind="service", texts={"en": SMALL})

    services.approve_notice(actor=head, notice=notice, now=now)

    assert notice.state == "approved"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"deadline": None}, "deadline_missing"),
        ({"deadline": draft_of(None).deadline - timedelta(days=60)}, "deadline_passed"),
        ({"is_consumer_product": True}, "identification_missing"),
        (
            {
                "is_consumer_product": True,
                "identification": "KT-65, on the back",
                "texts": {"en": replace(ENGLISH, action="Write to us.")},
            },
            "stop_use_missing",
        ),
    ],
)
def test_what_is_missing_is_told_before_approval(given, code, draft, head, now):
    notice = draft(**given)

    with pytest.raises(NoticeNotReady) as refusal:
        services.approve_notice(actor=head, notice=notice, now=now)

    assert refusal.value.code == code
    assert code in {fault["code"] for fault in refusal.value.facts["faults"]}


def test_only_an_approved_notice_is_sent(draft, head, now):
    with pytest.raises(InvalidTransition) as refusal:
        services.send_notice(actor=head, notice=draft(), now=now)

    assert refusal.value.facts["allowed"] == ["approve_notice", "edit_notice"]


def test_a_day_that_has_passed_since_the_approval_stops_the_sending(approved, head, now):
    hold(client("Halden Foods"))
    notice = approved()

    with pytest.raises(NoticeNotReady) as refusal:
        services.send_notice(actor=head, notice=notice, now=now + timedelta(days=60))

    assert refusal.value.code == "deadline_passed"


def test_a_notice_that_nobody_needs_is_not_sent(approved, head, now):
    with pytest.raises(NobodyAffected):
        services.send_notice(actor=head, notice=approved(), now=now)


def test_missing_languages_are_told_in_words(approved, head, now):
    account = client("Sirin Hotels")
    account.contacts.update(language="ru")
    hold(account)
    notice = approved()

    with pytest.raises(LanguagesMissing) as refusal:
        services.send_notice(actor=head, notice=notice, now=now)

    assert "Русский (1)" in str(refusal.value.sentence)
    assert (refusal.value.facts["missing"], Recipient.objects.count()) == ({"ru": 1}, 0)


@pytest.mark.parametrize("role", ["sa", "te", "fi", "ex"])
def test_who_does_not_send_is_refused(role, approved, people, now):
    hold(client("Halden Foods"))

    with pytest.raises(PermissionDenied):
        services.send_notice(actor=people[role], notice=approved(), now=now)


def test_the_manager_who_answers_for_it_sends_it_and_another_does_not(
    approved, manager, stranger, now
):
    hold(client("Halden Foods"))
    notice = approved()

    with pytest.raises(PermissionDenied):
        services.send_notice(actor=stranger, notice=notice, now=now)
    services.send_notice(actor=manager, notice=notice, now=now)

    assert notice.state == "sending"


@pytest.fixture
def sent(approved, head, now):
    """A safety notice whose letters to two accounts have left."""
    for name in ("Borea", "Halden"):
        hold(client(name))
    notice = approved()
    services.send_notice(actor=head, notice=notice, now=now)
    run_due(now)
    notice.refresh_from_db()
    return notice


def test_each_recipient_gets_one_letter_in_the_background(sent, now):
    assert (sent.state, sent.sent_at) == ("tracking", now)
    mails = OutgoingMail.objects.filter(subject__startswith=f"[{sent.no}]")
    assert sorted(mail.to for mail in mails) == [
        "head.of.borea@client.example", "head.of.halden@client.example",
    ]  # fmt: skip
    rows = Recipient.objects.all()
    assert {row.state for row in rows} == {"sent"}
    assert {row.mail_id for row in rows} == {mail.pk for mail in mails}
    assert AuditEntry.objects.filter(verb="complaints.tell_recipient").count() == 2
    assert AuditEntry.objects.filter(verb="complaints.finish_sending").count() == 1


def test_what_was_sent_can_never_be_changed(sent, technician, manager, now):
    with pytest.raises(InvalidTransition):
        services.edit_notice(actor=technician, notice=sent, draft=draft_of(manager), now=now)
    for change in (
        lambda: NoticeText.objects.update(what="Nothing happened."),
        lambda: NoticeText.objects.all().delete(),
        lambda: Notice.objects.update(deadline=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_notice_closes_when_everybody_has_heard_or_was_given_up(sent, manager, now):
    first, second = Recipient.objects.order_by("name")
    services.acknowledge_recipient(actor=first.account.owner, recipient=first, now=now)

    with pytest.raises(RecipientsOpen) as refusal:
        services.close_notice(actor=manager, notice=sent, now=now)
    assert refusal.value.facts["open"] == 1

    services.record_action(actor=second.account.owner, recipient=second, now=now)
    services.close_notice(actor=manager, notice=sent, now=now)
    assert (sent.state, sent.closed_at) == ("closed", now)
    assert AuditEntry.objects.get(verb="complaints.close_notice").details["acknowledged"] == 2


def test_a_letter_that_came_back_is_no_end(sent, manager, now):
    for row in Recipient.objects.all():
        services.bounce_recipient(actor=SYSTEM, mail_id=row.mail_id, now=now)

    with pytest.raises(RecipientsOpen):
        services.close_notice(actor=manager, notice=sent, now=now)
