"""Thousands of letters, several sweeps, one that dies: each recipient is written to once."""

import time

import pytest

from accounts.models import Holding
from complaints import services
from complaints.models import Notice, Recipient
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail, Timer
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import draft_of
from tests.factories import NOON, AccountFactory, HoldingFactory
from tests.races.processes import in_processes, start_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
RECIPIENTS, FEWER = 5_000, 1_000
BATCH = 100
PATIENCE_SECONDS = 60


@pytest.fixture
def send(people):
    """Return a function that sends a notice to so many end users, as yet without a sweep."""

    def begin(count):
        reseller = AccountFactory(owner=people["am"])
        Holding.objects.bulk_create(
            HoldingFactory.build(
                account=None, reseller=reseller, holder_name=f"Person {number}",
                holder_email=f"person{number}@home.example", holder_language="en",
                batch="B-2026-02",
            )
            for number in range(count)
        )  # fmt: skip
        draft = draft_of(people["am"], kind="quality")
        notice = services.draft_notice(actor=people["te"], draft=draft, now=NOON)
        services.approve_notice(actor=people["hk"], notice=notice, now=NOON)
        return services.send_notice(actor=people["am"], notice=notice, now=NOON)

    return begin


def sweep():
    run_due(NOON, batch=BATCH)


def letters():
    return OutgoingMail.objects.filter(subject__startswith="[NTC")


def check_each_was_written_to_once(count):
    assert letters().count() == count
    assert letters().values("to").distinct().count() == count
    assert Recipient.objects.filter(state="sent", sent_at=NOON).count() == count
    assert set(Recipient.objects.values_list("mail_id", flat=True)) == set(
        letters().values_list("pk", flat=True)
    )
    assert Recipient.objects.exclude(token_hash="").values("token_hash").distinct().count() == count
    entries = AuditEntry.objects.filter(verb="complaints.tell_recipient")
    assert (entries.count(), entries.values("target_id").distinct().count()) == (count, count)
    assert not Timer.objects.filter(kind="complaints.notice", fired_at=None).exists()
    assert Notice.objects.get().state == "tracking"
    assert AuditEntry.objects.filter(verb="complaints.finish_sending").count() == 1


def wait_until(condition):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def test_of_two_sweeps_over_5000_letters_one_is_killed_and_each_letter_leaves_once(send):
    send(RECIPIENTS)

    doomed, other = start_process(sweep), start_process(sweep)
    wait_until(lambda: letters().count() >= 5 * BATCH)
    doomed.kill()
    doomed.join()
    sent_by_then = letters().count()
    other.join(PATIENCE_SECONDS)
    run_due(NOON)

    assert (other.exitcode, sent_by_then < RECIPIENTS) == (0, True)
    check_each_was_written_to_once(RECIPIENTS)


def test_the_last_of_four_sweeps_notes_that_all_letters_have_left(send):
    send(FEWER)

    in_processes(4, sweep)

    check_each_was_written_to_once(FEWER)


def test_a_killed_sweep_leaves_no_half_letter(send):
    send(FEWER)

    process = start_process(sweep)
    wait_until(lambda: letters().exists())
    process.kill()
    process.join()

    written_to = Recipient.objects.filter(state="sent")
    wait_until(lambda: letters().count() == written_to.count())
    sent = written_to.count()
    assert AuditEntry.objects.filter(verb="complaints.tell_recipient").count() == sent
    run_due(NOON)
    check_each_was_written_to_once(FEWER)


def confirm(recipient_id):
    row = Recipient.objects.get(pk=recipient_id)
    try:
        services.acknowledge_recipient(actor=SYSTEM, recipient=row, now=NOON)
    except InvalidTransition:
        return "said before"
    return "confirmed"


def test_of_eight_clicks_on_one_link_one_counts(send):
    send(1)
    run_due(NOON)

    answers = in_processes(8, confirm, Recipient.objects.get().pk)

    assert sorted(answers) == ["confirmed"] + ["said before"] * 7
    assert AuditEntry.objects.filter(verb="complaints.acknowledge_recipient").count() == 1
