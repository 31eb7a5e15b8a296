"""Mailboxes are read by many, are broken off, and every letter is accounted for exactly once."""

import os
import signal
from base64 import encodebytes
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count

from complaints.mail import fetching
from complaints.models import Complaint, InboundMail, Message
from core.ids import uuid7
from core.models import OutgoingMail, ReferenceCounter
from tests.complaints.mail.letters import letter
from tests.complaints.mail.mixture import Told, mixture
from tests.factories import NOON, AccountFactory, CalendarFactory, ComplaintFactory, UserFactory
from tests.races.processes import in_processes, start_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
LATER = NOON + fetching.LEASE + timedelta(seconds=60)


def fetch(mailboxes, media):
    settings.MAILBOXES, settings.MEDIA_ROOT = mailboxes, media
    settings.DEFAULT_FROM_EMAIL = "Kamerton <kamerton@kamerton.test>"
    return fetching.fetch_due(NOON)


@pytest.fixture
def house():
    UserFactory(roles=["hk"])
    CalendarFactory()
    # The numbers of the factories begin at nought as well.
    for series in ("ACC", "CMP-2026"):
        ReferenceCounter.objects.create(series=series, last=50_000)


def huge(mark, size):
    """Return a letter of so many bytes, nearly all of them one file."""
    plain = letter(mark, subject=mark, **{"from": f"{mark}@huge.example"})
    head, _, _ = plain.partition(b"Content-Type")
    file = encodebytes(b"%PDF-1.4" + b"\0" * (size * 3 // 4 - 100_000))
    return head + (
        b'Content-Type: multipart/mixed; boundary="h"\n\n--h\nContent-Type: text/plain\n\n'
        + mark.encode()
        + b'\n--h\nContent-Type: application/pdf; name="big.pdf"\n'
        + b"Content-Transfer-Encoding: base64\n\n" + file + b"--h--\n"
    )  # fmt: skip


def written_to(count):
    """Return complaints about which we have written a letter each."""
    account = AccountFactory()
    complaints = [ComplaintFactory(account=account) for _ in range(count)]
    Message.objects.bulk_create(
        Message(complaint=each, kind="acknowledgement", body="ours", at=NOON, mail_id=uuid7())
        for each in complaints
    )
    ids = Message.objects.values_list("mail_id", flat=True)
    return complaints, [f"<{mail_id}@kamerton.test>" for mail_id in ids]


def a_thousand():
    complaints, ours = written_to(40)
    told = list(mixture(ours, [each.no for each in complaints], 978))
    told.append(Told(huge("mark-20mb", 20_000_000), "mark-20mb", "new"))
    told.append(Told(huge("mark-26mb", 27_000_000), "mark-26mb", "new"))
    first = [each for each in told if each.outcome == "new"][:20]
    return told + [Told(each.raw, each.mark, "ignored", "seen_before") for each in first]


def times_kept(mark):
    kept = Complaint.objects.filter(client_words__contains=mark).count()
    return kept + Message.objects.filter(body__contains=mark).exclude(kind="note").count()


def test_a_thousand_letters_read_twice_with_a_crash_between_are_each_accounted_for_once(
    house, box, sign_in, tmp_path
):
    told = a_thousand()
    uids = box.put(*(each.raw for each in told), at=NOON)
    asked = box.hang_at(uids[300])
    process = start_process(fetch, settings.MAILBOXES, str(tmp_path))
    assert asked.wait(120)
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    box.let_go()
    before = InboundMail.objects.exclude(outcome="fetched").count()

    assert fetching.fetch_due(NOON) == 0, "the lease of the dead reader still holds"
    while fetching.fetch_due(LATER):
        pass

    rows = {mail.uid: mail for mail in InboundMail.objects.all()}
    became = [(rows[uid].outcome, rows[uid].why) for uid in uids]
    wrong = [
        (each.mark, got) for each, got in zip(told, became, strict=True)
        if got != (each.outcome, each.why)
    ]  # fmt: skip
    assert before == 300
    errors = Counter(InboundMail.objects.exclude(error="").values_list("error", flat=True))
    assert errors == {}
    assert wrong == []
    assert len(rows) == len(told) == 1000
    numbers = InboundMail.objects.values_list("outcome").annotate(Count("pk")).order_by()
    assert dict(numbers) == Counter(each.outcome for each in told)
    taken = [each.mark for each in told if each.outcome in {"new", "matched"}]
    assert {mark for mark in taken if times_kept(mark) != 1} == set()
    assert "\\Seen" not in str(box.flags())
    assert not box.missing(uids)
    assert not OutgoingMail.objects.filter(
        to__endswith="@lipa.example", is_automatic=False
    ).exists()


def test_several_readers_at_once_take_each_letter_once(house, box, tmp_path):
    _complaints, ours = written_to(10)
    told = list(mixture(ours, ["CMP-2026-99999"], 60))
    box.put(*(each.raw for each in told), at=NOON)

    taken = in_processes(3, fetch, settings.MAILBOXES, str(tmp_path))
    taken += [fetching.fetch_due(LATER)]

    assert sum(taken) == InboundMail.objects.count() == 60
    assert {mail.outcome for mail in InboundMail.objects.all()} <= {
        "new", "matched", "ignored", "bounce",
    }  # fmt: skip
    kept = [each.mark for each in told if each.outcome in {"new", "matched"}]
    assert {mark for mark in kept if times_kept(mark) != 1} == set()


def test_a_reader_whose_lease_was_taken_over_doubles_nothing(house, box, tmp_path):
    """Two who both believe to hold the mailbox still write each letter down once."""
    _complaints, ours = written_to(10)
    told = list(mixture(ours, ["CMP-2026-99999"], 40))
    uids = box.put(*(each.raw for each in told), at=NOON)
    asked = box.hang_at(uids[5])
    slow = start_process(fetch, settings.MAILBOXES, str(tmp_path))
    assert asked.wait(60)

    box.let_go()
    taken = fetching.fetch_due(LATER)
    slow.join(60)
    slow.kill()

    assert taken == 35
    assert InboundMail.objects.exclude(outcome="fetched").count() == 40
    kept = [each.mark for each in told if each.outcome in {"new", "matched"}]
    assert {mark for mark in kept if times_kept(mark) != 1} == set()
