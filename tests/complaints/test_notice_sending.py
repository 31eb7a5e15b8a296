"""Letters leave once, are followed, and whoever stays silent is called."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Task
from complaints import services
from complaints.models import Notice, Recipient
from complaints.notice_firing import LOOK_FIRST
from complaints.services.recipient import SaidAlready, TriesMissing
from core.errors import InvalidTransition
from core.mail import deliver_due
from core.models import AuditEntry, Notification, OutgoingMail, Timer
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import ENGLISH, RUSSIAN, client, draft_of, hold
from tests.factories import UserFactory

DAY = timedelta(days=1)


@pytest.fixture
def send(technician, manager, head, executive, now):
    """Return a function that sends a notice to everybody who holds the batch."""

    def whole(**given):
        given = {"texts": {"en": ENGLISH, "ru": RUSSIAN}, **given}
        draft = draft_of(manager, **given)
        notice = services.draft_notice(actor=technician, draft=draft, now=now)
        services.approve_notice(actor=head, notice=notice, now=now)
        if notice.kind == "safety":
            services.approve_notice(actor=executive, notice=notice, now=now)
        return services.send_notice(actor=head, notice=notice, now=now)

    return whole


@pytest.fixture
def told(send, now):
    """The one recipient of a safety notice whose letter has left."""
    hold(client("Halden"))
    send()
    run_due(now)
    return Recipient.objects.get()


def letters():
    return OutgoingMail.objects.filter(subject__startswith="[NTC")


def tasks():
    return Task.objects.open().filter(kind="notice_call")


def test_sending_only_plans_and_the_sweep_writes(send, now):
    hold(client("Halden"))

    notice = send()
    assert (notice.state, letters().count(), Recipient.objects.get().state) == (
        "sending", 0, "pending",
    )  # fmt: skip
    run_due(now)
    run_due(now + DAY / 2)

    assert letters().count() == 1


def test_each_reads_his_own_language(send, now):
    russian = client("Sirin")
    russian.contacts.update(language="ru")
    hold(russian)

    send()
    run_due(now)

    letter = letters().get()
    assert letter.subject == "[NTC-2026-00001] Важная информация о Adapter KT-65"
    assert RUSSIAN.action in letter.body
    assert "10 апреля 2026" in letter.body
    assert "Заменим" not in letter.body


def test_a_recall_carries_the_heading_and_how_to_recognise_it(send, now):
    hold(client("Halden"))

    send(is_consumer_product=True, identification="“KT-65” on the back, numbers 1000–1999")
    run_due(now)

    letter = letters().get()
    assert letter.subject == "[NTC-2026-00001] Product safety recall: Adapter KT-65"
    assert letter.body.startswith("Product safety recall\n\n")
    assert "How to recognise it: Batch: B-2026-02\n“KT-65” on the back" in letter.body
    assert "refund it if you prefer, by 10 April 2026" in letter.body


def test_the_letter_names_the_contact_and_a_link_of_its_own(told, manager):
    letter = letters().get()

    assert manager.name in letter.body
    assert manager.email in letter.body
    assert "/n/" in letter.body
    assert told.token_hash not in letter.body


def test_new_holders_are_not_added_once_it_is_sent(told):
    hold(client("Newcomer"))

    assert Recipient.objects.count() == 1


def test_who_has_no_address_is_called_at_once(send, now):
    hold(None, holder_name="Boris", holder_phone="+359 88 1", reseller=client("Reseller"))

    notice = send()
    run_due(now)

    assert (notice.state, letters().count()) == ("tracking", 0)
    task = tasks().get()
    assert (task.account.name, task.subject_id) == ("Reseller", Recipient.objects.get().pk)
    assert "Boris" not in str(task.facts)


def test_who_is_in_no_list_stands_on_the_list_of_the_notice_alone(send, head, now):
    hold(None, holder_name="Boris", holder_phone="+359 88 1")

    send()
    run_due(now)

    assert not tasks().exists()
    assert Recipient.objects.get().is_silent(now)


def test_letters_are_followed_until_the_mail_server_took_them(told, now):
    run_due(now + LOOK_FIRST)
    assert Recipient.objects.get().state == "sent"

    deliver_due(now)
    run_due(now + 3 * LOOK_FIRST)

    assert Recipient.objects.get().state == "delivered"
    entry = AuditEntry.objects.get(verb="complaints.follow_letter")
    assert entry.changes == {"state": ["sent", "delivered"]}
    run_due(now + DAY / 2)
    assert not Timer.objects.filter(kind="complaints.notice_delivery", fired_at=None).exists()


def test_what_the_mail_server_refused_for_good_came_back(told, now):
    letters().update(state="failed")

    run_due(now + LOOK_FIRST)
    run_due(now + LOOK_FIRST)

    assert Recipient.objects.get().state == "bounced"
    assert tasks().count() == 1


def test_a_bounce_that_arrives_by_mail_leads_to_a_call(told, now):
    services.bounce_recipient(actor=SYSTEM, mail_id=told.mail_id, now=now)
    run_due(now)

    assert (Recipient.objects.get().state, tasks().count()) == ("bounced", 1)


def test_a_bounce_of_somebody_who_has_heard_changes_nothing(told, manager, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now)

    assert services.bounce_recipient(actor=SYSTEM, mail_id=told.mail_id, now=now) is None
    assert Recipient.objects.get().state == "acknowledged"


def test_a_bounce_of_another_letter_is_nobodys(told, now):
    assert services.bounce_recipient(actor=SYSTEM, mail_id=told.pk, now=now) is None


def test_silence_after_a_safety_notice_becomes_a_call_after_two_business_days(told, now):
    wednesday_noon = now + 2 * DAY

    run_due(wednesday_noon - timedelta(minutes=1))
    assert not tasks().exists()
    run_due(wednesday_noon)
    run_due(wednesday_noon + DAY)

    task = tasks().get()
    assert (task.account, task.assignee) == (told.account, told.account.owner)
    assert task.facts == {"notice": "NTC-2026-00001", "safety": True, "end_user": False}


def test_silence_after_another_notice_is_no_call(send, now):
    hold(client("Halden"))
    send(kind="quality")
    run_due(now)

    run_due(now + 10 * DAY)

    assert not tasks().exists()


def test_an_owner_who_has_gone_leaves_the_call_to_the_contact(told, manager, now):
    owner = told.account.owner
    owner.is_active = False
    owner.save()

    run_due(now + 2 * DAY)

    assert tasks().get().assignee == manager


def test_a_confirmation_ends_the_call(told, now):
    run_due(now + 2 * DAY)

    services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now + 2 * DAY)

    assert not tasks().exists()
    assert (told.state, told.acknowledged_at) == ("acknowledged", now + 2 * DAY)
    assert AuditEntry.objects.get(verb="complaints.acknowledge_recipient").details == {
        "by": "client", "via": "page",
    }  # fmt: skip


def test_who_confirms_in_time_is_never_called(told, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now)

    run_due(now + 5 * DAY)

    assert not Task.objects.filter(kind="notice_call").exists()


def test_acting_confirms_as_well(told, now):
    services.record_action(actor=SYSTEM, recipient=told, now=now)

    assert (told.state, told.acknowledged_at, told.acted_at) == ("action_done", now, now)


def test_nobody_confirms_twice(told, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now)

    with pytest.raises(InvalidTransition):
        services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now)


def test_nothing_is_recorded_before_the_letter_has_left(send, head, now):
    hold(client("Halden"))
    send()

    with pytest.raises(InvalidTransition):
        services.acknowledge_recipient(actor=head, recipient=Recipient.objects.get(), now=now)


def try_once(recipient, actor, now, outcome="no_answer", channel="phone"):
    return services.record_try(
        actor=actor, recipient=recipient, channel=channel, outcome=outcome, now=now
    )


def test_a_call_that_reaches_confirms(told, head, now):
    try_once(told, head, now, "reached")

    assert (told.state, [each["channel"] for each in told.tries]) == (
        "acknowledged", ["email", "phone"],
    )  # fmt: skip


def test_nobody_is_given_up_before_three_tries_by_two_ways(told, head, now):
    with pytest.raises(TriesMissing) as refusal:
        try_once(told, head, now, "unreachable")
    assert refusal.value.facts == {"tries": 1, "ways": 1}

    try_once(told, head, now)
    with pytest.raises(TriesMissing):
        try_once(told, head, now, "unreachable")
    try_once(told, head, now)
    try_once(told, head, now, "unreachable")

    assert told.state == "unreachable"


def test_three_tries_by_one_way_are_not_enough(send, head, now):
    hold(None, holder_name="Boris", holder_phone="+359 88 1")
    send()
    boris = Recipient.objects.get()
    for _ in range(3):
        try_once(boris, head, now)

    with pytest.raises(TriesMissing) as refusal:
        try_once(boris, head, now, "unreachable")
    assert "tries 3, ways 1" in str(refusal.value.sentence)
    try_once(boris, head, now, channel="post")
    try_once(boris, head, now, "unreachable")

    assert boris.state == "unreachable"


def test_who_was_given_up_may_still_answer(told, head, now):
    for _ in range(2):
        try_once(told, head, now)
    try_once(told, head, now, "unreachable")

    services.acknowledge_recipient(actor=SYSTEM, recipient=told, now=now)

    assert told.state == "acknowledged"


def test_only_who_looks_after_the_holder_records_his_answer(told, manager, stranger, people, now):
    for person in (stranger, people["fi"], people["ex"]):
        with pytest.raises(PermissionDenied):
            services.acknowledge_recipient(actor=person, recipient=told, now=now)

    services.acknowledge_recipient(actor=told.account.owner, recipient=told, now=now)


def test_the_resellers_manager_answers_for_his_clients(send, now):
    reseller = client("Reseller")
    hold(None, holder_name="Boris", holder_phone="1", reseller=reseller)
    send()
    boris = Recipient.objects.get()

    with pytest.raises(PermissionDenied):
        services.record_action(actor=UserFactory(), recipient=boris, now=now)
    services.record_action(actor=reseller.owner, recipient=boris, now=now)

    assert boris.state == "action_done"


def test_a_comment_reaches_the_contact_and_stands_once(told, manager, now):
    services.comment_notice(actor=SYSTEM, recipient=told, body=" How many? ", now=now)
    with pytest.raises(SaidAlready):
        services.comment_notice(actor=SYSTEM, recipient=told, body="How many?", now=now)
    services.comment_notice(actor=SYSTEM, recipient=told, body="We have ten.", now=now)

    assert told.comment == "How many?\n\nWe have ten."
    heard = Notification.objects.filter(entry__verb="complaints.comment_notice")
    assert {each.recipient for each in heard} == {manager}
    assert "How many" not in str(AuditEntry.objects.filter(target_id=told.pk).values())


def test_history_tells_each_account_and_hides_addresses(told):
    entries = AuditEntry.objects.filter(account_id=told.account_id)

    assert "complaints.tell_recipient" in set(entries.values_list("verb", flat=True))
    assert told.email not in str(list(AuditEntry.objects.values()))


def test_a_sweep_that_fails_on_one_letter_sends_the_others(send, now):
    for name in ("First", "Second", "Third"):
        hold(client(name))
    send()
    second = Recipient.objects.get(name="Second")
    Recipient.objects.filter(pk=second.pk).update(language="bg")

    run_due(now)

    assert {row.name: row.state for row in Recipient.objects.all()} == {
        "First": "sent", "Second": "pending", "Third": "sent",
    }  # fmt: skip
    assert Notice.objects.get().state == "sending"
