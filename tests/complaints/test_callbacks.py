"""The follow-up call: who is called, by whom, when, and what becomes of the case (C-12)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Promise
from accounts.services import promise as promises
from complaints import services
from complaints.calling import caller_of, pulse_due
from complaints.models import Complaint, Finding
from complaints.services.callback import (
    CallTimeMissing,
    CallTooFar,
    NoCallbackOwed,
    RatingWithoutTalk,
    SamePerson,
    WordsMissing,
)
from core.errors import InvalidTransition, StaleVersion
from core.models import AuditEntry, OutgoingMail
from core.timers import run_due
from sla.models import Clock
from sla.sightings import late_events
from tests.complaints.recovery import make_ready
from tests.examples import example
from tests.factories import ContactFactory, DeputyshipFactory, UserFactory

DAY = timedelta(days=1)


def call_of(complaint, kind="callback", **about):
    return complaint.promises.get(kind=kind, **about)


def resolve(complaint, actor, now, **findings):
    make_ready(complaint, actor, now, **findings)
    services.resolve_complaint(
        actor=actor, complaint=complaint, resolution_type="fixed", resolution="Done.", now=now
    )
    return complaint


def record(complaint, actor, outcome, at, **told):
    return services.record_callback(
        actor=actor, complaint=complaint, outcome=outcome, now=at, **told
    )


def test_the_call_is_due_as_in_the_worked_example(in_progress, manager):
    inputs, outputs = example("E3.10")
    at = datetime.fromisoformat(inputs["resolved"]).astimezone(UTC)

    resolve(in_progress, manager, at)

    assert call_of(in_progress).due_at == datetime.fromisoformat(outputs["due"])


@pytest.mark.parametrize(
    ("priority", "day"), [("p1", "03"), ("p2", "04"), ("p3", "05"), ("p4", "09")]
)
def test_the_graver_it_was_the_sooner_we_call(in_progress, manager, now, priority, day):
    Complaint.objects.filter(pk=in_progress.pk).update(priority=priority)
    in_progress.refresh_from_db()

    resolve(in_progress, manager, now)

    assert call_of(in_progress).due_at.isoformat() == f"2026-03-{day}T16:00:00+00:00"


def test_another_time_moves_the_call_and_is_no_try_in_vain(resolved, agent, now):
    wanted = now + 2 * DAY

    record(resolved, agent, "call_later", now + DAY, call_at=wanted, note="In a meeting")

    call = call_of(resolved)
    assert (call.due_at, call.tries, call.renegotiations) == (wanted, 0, 1)
    assert resolved.state == "resolved"
    entry = AuditEntry.objects.get(verb="complaints.record_callback")
    assert str(entry.says).endswith("the client asked for another time")


@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [
        (None, CallTimeMissing),
        (timedelta(), promises.DueInThePast),
        (15 * DAY, CallTooFar),
    ],
)
def test_another_time_is_named_and_near(resolved, agent, now, ahead, refusal):
    at = None if ahead is None else now + ahead

    with pytest.raises(refusal):
        record(resolved, agent, "call_later", now, call_at=at)

    assert call_of(resolved).renegotiations == 0


def test_a_call_is_put_off_twice_and_then_counts_as_late(resolved, agent, now):
    record(resolved, agent, "call_later", now, call_at=now + 2 * DAY)
    record(resolved, agent, "call_later", now + DAY, call_at=now + 3 * DAY)

    with pytest.raises(promises.PutOffTwice) as refusal:
        record(resolved, agent, "call_later", now + 2 * DAY, call_at=now + 4 * DAY)
    record(resolved, agent, "satisfied", now + 2 * DAY)

    assert refusal.value.code == "put_off_twice"
    assert call_of(resolved).state == "kept_late"


def test_a_call_that_was_due_already_stays_late_when_it_is_put_off(resolved, agent, now):
    record(resolved, agent, "call_later", now + 4 * DAY, call_at=now + 5 * DAY)
    record(resolved, agent, "satisfied", now + 4 * DAY)

    assert call_of(resolved).state == "kept_late"


def test_the_client_rates_us_when_he_is_asked_and_not_otherwise(resolved, agent, now):
    for outcome in ("no_answer", "call_later"):
        with pytest.raises(RatingWithoutTalk):
            record(resolved, agent, outcome, now, csat=3, call_at=now + DAY)

    record(resolved, agent, "not_satisfied", now + DAY, csat=1)

    assert (resolved.csat, resolved.rated_at, resolved.state) == (1, now + DAY, "in_progress")


def test_two_records_of_one_call_are_one(resolved, agent, manager, now):
    first, second = call_of(resolved), call_of(resolved)
    first.expect(first.version)
    second.expect(second.version)
    record(resolved, agent, "no_answer", now, callback=first)

    with pytest.raises(StaleVersion):
        record(resolved, manager, "no_answer", now, callback=second)

    assert call_of(resolved).tries == 1


def test_a_call_of_another_case_settles_nothing_here(resolved, log, agent, manager, now):
    other = log(client_words="Dark again")
    Complaint.objects.filter(pk=other.pk).update(state="in_progress")
    other.refresh_from_db()
    resolve(other, manager, now)

    with pytest.raises(NoCallbackOwed):
        record(resolved, agent, "satisfied", now, callback=call_of(other))

    assert call_of(other).is_owed


# Two who complained of one event


@pytest.fixture
def merged(complaint, log, account, agent, manager, now):
    """Two complaints of one event by two people, merged and resolved."""
    boss = ContactFactory(account=account, name="Boyan Lipov", language="en")
    other = log(contact=boss, client_words="Nothing prints")
    services.merge(actor=manager, complaint=other, into=complaint, now=now)
    Complaint.objects.filter(pk=complaint.pk).update(state="in_progress")
    complaint.refresh_from_db()
    return resolve(complaint, manager, now), boss


def test_after_a_merge_each_who_complained_is_called(merged, contact):
    case, boss = merged

    assert set(case.promises.filter(kind="callback").values_list("contact", flat=True)) == {
        contact.pk, boss.pk,
    }  # fmt: skip


def test_it_is_closed_when_the_last_of_them_is_content(merged, contact, agent, now):
    case, boss = merged

    record(case, agent, "satisfied", now, callback=call_of(case, contact=boss))
    between = case.state
    record(case, agent, "satisfied", now, callback=call_of(case, contact=contact))

    assert (between, case.state, case.is_confirmed) == ("resolved", "closed", True)


def test_one_who_is_not_content_reopens_it_and_nobody_is_called_meanwhile(merged, agent, now):
    case, boss = merged

    record(case, agent, "not_satisfied", now, callback=call_of(case, contact=boss))

    assert (case.state, case.reopen_count) == ("in_progress", 1)
    assert not case.promises.owed().exclude(kind="next_contact").exists()


def test_who_cannot_be_reached_gets_the_letter_under_his_own_number(merged, contact, agent, now):
    case, boss = merged
    boss_call = call_of(case, contact=boss)
    record(case, agent, "satisfied", now, callback=call_of(case, contact=contact))

    for number in range(3):
        record(case, agent, "no_answer", now + number * DAY, callback=boss_call)
    letter = OutgoingMail.objects.filter(to=boss.email).latest("pk")
    waits = case.state
    run_due(now + 30 * DAY)

    case.refresh_from_db()
    assert "CMP-2026-00002" in letter.body
    assert (waits, case.state, case.is_confirmed) == ("resolved", "closed", False)


def test_each_is_called_in_his_own_language_and_by_his_own_number(merged, sign_in, agent):
    page = sign_in(agent).get("/complaints/callbacks/")

    calls = {
        line.call.contact.name: line.call
        for part in page.context["parts"]
        for line in part["lines"]
    }
    assert calls["Boyan Lipov"].language == "en"
    assert "CMP-2026-00002" in calls["Boyan Lipov"].opening
    assert calls["Rada Lipova"].language == "bg"
    assert "CMP-2026-00001" in calls["Rada Lipova"].opening


# Who calls


@pytest.fixture
def own_fault(in_progress, manager, now):
    """Return a function that resolves it by the manager, who is named in the cause."""

    def resolve_it(fault="ours", named=manager):
        return resolve(
            in_progress, manager, now, fault=fault, justified="yes", named=named,
            our_share=50 if fault == "shared" else None,
        )  # fmt: skip

    return resolve_it


def test_who_caused_it_and_resolved_it_does_not_call(own_fault, manager, agent, now):
    case = own_fault()

    with pytest.raises(SamePerson) as refusal:
        record(case, manager, "satisfied", now)

    assert refusal.value.code == "same_person"
    assert record(case, agent, "satisfied", now).state == "closed"


@pytest.mark.parametrize(("fault", "named"), [("ours", None), ("none", True), ("shared", True)])
def test_otherwise_the_lead_calls(own_fault, manager, fault, named):
    case = own_fault(fault, manager if named else None)

    assert call_of(case).made_by == manager


def test_his_deputy_calls_instead_of_him(own_fault, account, manager):
    account.deputy = UserFactory(name="Deputy")
    account.save()

    assert call_of(own_fault()).made_by.name == "Deputy"


def test_whoever_stands_in_for_him_today_comes_before_the_deputy(own_fault, account, manager):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    DeputyshipFactory(
        person=manager, deputy=UserFactory(name="Stand-in"),
        starts_on="2020-01-01", ends_on="2099-01-01",
    )  # fmt: skip

    assert call_of(own_fault()).made_by.name == "Stand-in"


def test_without_a_deputy_a_head_calls(own_fault, head):
    assert call_of(own_fault()).made_by == head


def test_the_one_complained_of_never_stands_in(own_fault, in_progress, account, head):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    Complaint.objects.filter(pk=in_progress.pk).update(about=account.deputy)
    in_progress.refresh_from_db()

    assert call_of(own_fault()).made_by == head


def test_where_nobody_else_is_left_the_lead_calls(own_fault, head, manager):
    head.is_active = False
    head.save()

    case = own_fault()

    assert caller_of(case) == manager


# The letter


def test_the_client_who_answers_the_letter_is_recorded_without_a_call(resolved, agent, now):
    for number in range(3):
        record(resolved, agent, "no_answer", now + number * DAY)
    services.comment(actor=agent, complaint=resolved, body="All is well", now=now + 3 * DAY)

    with pytest.raises(NoCallbackOwed):
        record(resolved, agent, "no_answer", now + 3 * DAY)
    record(resolved, agent, "satisfied", now + 3 * DAY)

    assert (resolved.state, resolved.is_confirmed) == ("closed", True)


def test_a_closed_case_has_no_call_to_record(resolved, agent, now):
    Complaint.objects.filter(pk=resolved.pk).update(priority="p3")
    resolved.refresh_from_db()
    record(resolved, agent, "satisfied", now)

    with pytest.raises(InvalidTransition):
        record(resolved, agent, "satisfied", now)


# The pulse call


@pytest.fixture
def confirmed(resolved, agent, now):
    """The P2 complaint, confirmed a day after it was resolved; a pulse call is owed in a month."""
    return record(resolved, agent, "satisfied", now + DAY)


@pytest.mark.parametrize(("priority", "owed"), [("p1", 1), ("p2", 1), ("p3", 0), ("p4", 0)])
def test_grave_cases_are_asked_about_again_a_month_later(resolved, agent, now, priority, owed):
    Complaint.objects.filter(pk=resolved.pk).update(priority=priority)
    resolved.refresh_from_db()

    record(resolved, agent, "satisfied", now)

    assert resolved.promises.filter(kind="pulse").count() == owed


def test_the_pulse_call_is_due_at_the_end_of_work_thirty_days_later(confirmed, contact):
    pulse = call_of(confirmed, "pulse")

    assert pulse.due_at == datetime(2026, 4, 2, 15, 0, tzinfo=UTC)  # summer time by then
    assert (pulse.contact, pulse.is_follow_up) == (contact, True)


def test_a_pulse_call_on_a_weekend_is_due_on_monday(resolved):
    friday = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)

    assert pulse_due(resolved, friday) == datetime(2026, 4, 6, 15, 0, tzinfo=UTC)


def test_a_content_client_keeps_the_pulse_call_and_nothing_else_changes(confirmed, agent, now):
    record(confirmed, agent, "satisfied", now + 30 * DAY, csat=5)

    assert (confirmed.state, confirmed.csat) == ("closed", 5)
    assert call_of(confirmed, "pulse").state == "kept"
    assert not confirmed.promises.owed().exists()


def test_within_thirty_days_of_the_resolution_it_is_taken_up_again(confirmed, agent, now):
    record(confirmed, agent, "not_satisfied", now + 20 * DAY, note="It jams again")

    assert (confirmed.state, confirmed.reopen_count) == ("in_progress", 1)
    assert Clock.objects.filter(subject_id=confirmed.pk, metric="resolution", cycle=2).exists()
    assert Complaint.objects.count() == 1


def test_later_it_becomes_a_new_complaint_that_follows(confirmed, contact, agent, now):
    with pytest.raises(WordsMissing):
        record(confirmed, agent, "not_satisfied", now + 31 * DAY)
    record(confirmed, agent, "not_satisfied", now + 31 * DAY, note="It jams again")

    new = Complaint.objects.get(follows=confirmed)
    assert (confirmed.state, new.state, new.client_words) == ("closed", "new", "It jams again")
    assert (new.contact, new.impact, new.title) == (contact, 2, confirmed.title)
    assert call_of(confirmed, "pulse").done_at == now + 31 * DAY
    entry = AuditEntry.objects.filter(verb="complaints.record_callback").latest("id")
    assert entry.details["followed_by"] == new.no


def test_three_pulse_calls_in_vain_end_without_a_letter(confirmed, agent, now):
    letters = OutgoingMail.objects.count()

    for number in range(3):
        record(confirmed, agent, "no_answer", now + (30 + number) * DAY)

    assert not confirmed.promises.owed().exists()
    assert OutgoingMail.objects.filter(to="rada.lipova@client.example").count() <= letters
    assert confirmed.state == "closed"


def test_reopening_drops_the_pulse_call(confirmed, manager, now):
    services.reopen(actor=manager, complaint=confirmed, reason="It jams", now=now + 5 * DAY)

    assert call_of(confirmed, "pulse").state == "void"


def test_a_late_pulse_call_is_an_untimely_event_like_any_call(confirmed, agent, now):
    record(confirmed, agent, "satisfied", now + 32 * DAY)

    [late] = late_events(now, now + 40 * DAY, begun={})[confirmed.account_id]
    assert late.what == "callback"


def test_finding_is_read_only_for_the_one_who_resolved(resolved, manager):
    Finding.objects.filter(complaint=resolved).update(
        fault="ours", named=UserFactory(), confirmed_at=resolved.resolved_at
    )

    assert caller_of(resolved) == manager


def test_promise_kinds_of_calls_are_settled_by_their_outcome_only(confirmed, agent, now):
    with pytest.raises(promises.OutcomeMissing):
        promises.keep_promise(
            actor=confirmed.lead, promise=Promise.objects.get(kind="pulse"), now=now
        )
