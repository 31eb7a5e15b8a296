"""What people are told the clocks do, each sentence once, by what people do to a complaint."""

from datetime import date, datetime, timedelta

import pytest

from complaints import services
from complaints.services import Intake
from core.errors import InvalidTransition
from core.models import AuditEntry, Timer
from core.services.calendar import edit_calendar
from core.timers import run_due
from sla.explanations import explanation_of
from sla.models import Clock, Contract
from tests.complaints.recovery import make_ready
from tests.factories import AccountFactory, CalendarFactory
from tests.sla.conftest import agreed
from tests.sla.test_clock import sofia

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NINE_TO_FIVE = {str(day): [[9 * 3600, 17 * 3600]] for day in range(5)}
JUDGED = {"p1": (1, 1), "p2": (2, 2), "p3": (3, 3), "p4": (4, 4)}
MONDAY, TUESDAY = "2026-03-09T", "2026-03-10T"


@pytest.fixture
def account(manager):
    """A client whose people work Mon–Fri 09:00–17:00 in Sofia, without holidays."""
    calendar = CalendarFactory(special__week=NINE_TO_FIVE)
    return AccountFactory(name="Lipa Bakery", owner=manager, calendar=calendar)


@pytest.fixture
def log(account, agent):
    """Return a function that logs a complaint at a moment in Sofia."""

    def log_one(at, priority="p2", **given):
        impact, urgency = JUDGED[priority]
        words = Intake(client_words="No receipts.", impact=impact, urgency=urgency, **given)
        return services.log_complaint(actor=agent, account=account, intake=words, now=sofia(at))

    return log_one


@pytest.fixture
def act(agent, manager):
    """Return a function that does something to a complaint at a moment in Sofia, in short words."""
    people = {"assignee": agent, "lead": manager}
    told = {
        "triage": {"category": "quality", "safety": False, **people},
        "reply": {"body": "We are on our way."},
        "comment": {"body": "And now it smells."},
        "add_note": {"body": "The cutter again."},
        "resolve_complaint": {"resolution_type": "fixed", "resolution": "A new cutter."},
        "reopen": {"reason": "It happened again."},
    }

    def do(name, complaint, at, **given):
        if priority := given.pop("priority", ""):
            given["impact"], given["urgency"] = JUDGED[priority]
        service = getattr(services, name)
        moment = sofia(at) if isinstance(at, str) else at
        if name == "resolve_complaint":
            make_ready(complaint, manager, moment)
        service(actor=manager, complaint=complaint, now=moment, **told.get(name, {}) | given)

    return do


@pytest.fixture
def worked_on(log, act):
    """Return a function that logs a complaint and triages it in the same minute."""

    def log_and_triage(at, priority="p2", **given):
        complaint = log(at, priority, **given)
        act("triage", complaint, at, priority=priority)
        return complaint

    return log_and_triage


def said(complaint):
    """Return what the sweep has said of the complaint's clocks: (verb, metric)."""
    rows = AuditEntry.objects.filter(target_id=complaint.pk, verb__startswith="sla.")
    return list(rows.order_by("id").values_list("verb", "details__metric"))


def states(complaint, metric):
    rows = Clock.objects.about(complaint).filter(metric=metric).order_by("cycle")
    return list(rows.values_list("state", flat=True))


def test_four_hours_from_friday_at_four_end_on_monday_at_noon(log, clock_of):
    complaint = log("2026-03-06T16:00", "p3")

    assert clock_of(complaint, "first_response").due_at == sofia(MONDAY + "12:00")


@pytest.mark.parametrize(("answered", "state"), [("17:00:00", "met"), ("17:00:01", "missed")])
def test_eight_hours_from_a_saturday_end_on_monday_at_closing_to_the_second(
    log, act, clock_of, answered, state
):
    complaint = log("2026-03-07T11:00", "p4")
    due = clock_of(complaint, "first_response").due_at

    act("reply", complaint, MONDAY + answered)

    assert due == sofia(MONDAY + "17:00")
    assert clock_of(complaint, "first_response").state == state


def test_a_pause_wholly_outside_hours_moves_nothing(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "10:00", "p3")
    due = clock_of(complaint).due_at

    act("wait", complaint, MONDAY + "19:00", waiting_for="client", body="Which till?")
    act("comment", complaint, TUESDAY + "08:00")

    assert clock_of(complaint).due_at == due


def test_duplicate_pauses_count_once(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "10:00", "p3")
    due = clock_of(complaint).due_at

    act("wait", complaint, MONDAY + "11:00", waiting_for="client", body="Which till?")
    with pytest.raises(InvalidTransition):
        act("wait", complaint, MONDAY + "11:30", waiting_for="client", body="Which one?")
    act("comment", complaint, MONDAY + "12:00")

    assert clock_of(complaint).due_at == due + HOUR


def test_resolved_while_it_stands_still_leaves_the_hold_out(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "10:00")
    act("wait", complaint, MONDAY + "12:00", waiting_for="client", body="Which till?")

    act("resolve_complaint", complaint, "2026-04-09T12:00")

    clock = clock_of(complaint)
    assert (clock.state, clock.used, clock.breached_at) == ("met", 2 * HOUR, None)


def test_raising_counts_from_the_start_minus_the_pauses(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "09:00", "p3")
    act("wait", complaint, MONDAY + "10:00", waiting_for="client", body="Which till?")
    act("comment", complaint, MONDAY + "12:00")

    act("triage", complaint, MONDAY + "15:00", priority="p2")

    assert clock_of(complaint).due_at == sofia(TUESDAY + "11:00")


def test_lowering_never_erases_a_breach(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "09:00", "p2")
    due = clock_of(complaint).due_at

    act("triage", complaint, TUESDAY + "10:00", priority="p4")
    act("resolve_complaint", complaint, TUESDAY + "11:00")

    clock = clock_of(complaint)
    assert (clock.state, clock.breached_at) == ("missed", due)


@pytest.mark.parametrize("first", ["reply", "sweep"])
def test_a_reply_and_the_sweep_in_one_second_make_it_met_or_missed_and_never_both(
    log, act, clock_of, first
):
    complaint = log(MONDAY + "10:00")
    due = clock_of(complaint, "first_response").due_at

    if first == "sweep":
        run_due(due + timedelta(milliseconds=700))
    act("reply", complaint, due)
    run_due(due + timedelta(milliseconds=900))

    clock, late = clock_of(complaint, "first_response"), first == "sweep"
    assert (clock.state, clock.breached_at) == (("missed", due) if late else ("met", None))
    assert said(complaint).count(("sla.breach", "first_response")) == late


@pytest.mark.parametrize("priority", JUDGED)
def test_a_fresh_complaint_is_never_red(log, priority):
    week = [sofia(MONDAY + "00:00") + step * 7 * HOUR for step in range(24)]

    for at in week:
        complaint = log(at.isoformat()[:19], priority)
        run_due(sofia(at.isoformat()[:19]))

        clocks = Clock.objects.about(complaint)
        assert not complaint.is_overdue(sofia(at.isoformat()[:19]))
        assert not any(clock.is_overdue(sofia(at.isoformat()[:19])) for clock in clocks)
        assert said(complaint) == []


def test_the_explanation_adds_up_to_the_target_to_the_second(worked_on, act, clock_of):
    complaint = worked_on("2026-03-06T16:17:43", "p3")
    act("wait", complaint, MONDAY + "10:00:01", waiting_for="client", body="Which till?")
    act("comment", complaint, TUESDAY + "11:30:59")

    told = explanation_of(clock_of(complaint))

    assert sum((day.counted for day in told.days), timedelta()) == 24 * HOUR == told.used
    assert told.due_at == clock_of(complaint).due_at


def test_an_automatic_acknowledgement_answers_nobody_but_a_person_does(log, act, clock_of):
    complaint = log(MONDAY + "10:00")
    acknowledged = complaint.messages.filter(kind="acknowledgement").exists()
    before = clock_of(complaint, "first_response").state

    act("reply", complaint, MONDAY + "10:30")

    assert (acknowledged, before) == (True, "running")
    assert clock_of(complaint, "first_response").state == "met"


def test_two_messages_of_the_client_do_not_move_our_next_answer(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "10:00")
    act("reply", complaint, MONDAY + "10:10")

    act("comment", complaint, MONDAY + "11:00")
    act("comment", complaint, MONDAY + "12:45")

    assert states(complaint, "next_response") == ["running"]
    assert clock_of(complaint, "next_response").due_at == sofia(MONDAY + "13:00")


def test_a_message_before_our_first_answer_starts_no_second_clock(log, act):
    complaint = log(MONDAY + "10:00")

    act("comment", complaint, MONDAY + "10:30")

    assert states(complaint, "next_response") == []


def test_each_answer_ends_the_wait_for_it_and_the_next_question_starts_another(worked_on, act):
    complaint = worked_on(MONDAY + "10:00")
    act("reply", complaint, MONDAY + "10:10")

    for asked, answered in (("11:00", "11:30"), ("12:00", "14:00:01")):
        act("comment", complaint, MONDAY + asked)
        act("reply", complaint, MONDAY + answered)

    assert states(complaint, "next_response") == ["met", "missed"]


def test_internal_notes_never_count(worked_on, act):
    complaint = worked_on(MONDAY + "10:00")
    act("reply", complaint, MONDAY + "10:10")
    act("comment", complaint, MONDAY + "10:20")
    before = list(Clock.objects.about(complaint).order_by("pk").values())

    act("add_note", complaint, MONDAY + "10:30")

    assert list(Clock.objects.about(complaint).order_by("pk").values()) == before


def test_a_client_who_hears_nothing_has_missed_his_update(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "09:00", "p3")
    act("reply", complaint, MONDAY + "09:10")

    act("reply", complaint, TUESDAY + "09:10")
    act("reply", complaint, "2026-03-11T09:11")

    assert states(complaint, "update") == ["met", "missed", "running"]
    assert clock_of(complaint, "update", cycle=3).due_at == sofia("2026-03-12T09:11")


def test_waiting_for_a_supplier_never_pauses(worked_on, act):
    complaint = worked_on(MONDAY + "10:00")
    act("reply", complaint, MONDAY + "10:10")
    before = list(Clock.objects.about(complaint).order_by("pk").values())

    act("wait", complaint, MONDAY + "11:00", waiting_for="supplier", body="Their case 77")

    assert list(Clock.objects.about(complaint).order_by("pk").values()) == before


@pytest.mark.parametrize("swept_at", ["14:00:00", "16:30:00"])
def test_an_agreed_appointment_pauses_until_its_moment_however_late_the_sweep(
    worked_on, act, clock_of, swept_at
):
    complaint = worked_on(MONDAY + "10:00")
    agreed_for = {"waiting_for": "appointment", "appointment_at": sofia(TUESDAY + "14:00")}

    act("wait", complaint, MONDAY + "12:00", body="We come on Tuesday at two.", **agreed_for)
    stood_still = clock_of(complaint)
    run_due(sofia(TUESDAY + swept_at))

    complaint.refresh_from_db()
    assert (stood_still.state, stood_still.remaining) == ("paused", 6 * HOUR)
    assert (complaint.state, complaint.appointment_at) == ("in_progress", None)
    assert clock_of(complaint).due_at == sofia("2026-03-11T12:00")


def test_a_reminder_to_a_client_who_is_asked_starts_no_time_for_us(worked_on, act):
    complaint = worked_on(MONDAY + "10:00")
    act("wait", complaint, MONDAY + "11:00", waiting_for="client", body="Which till?")

    act("reply", complaint, TUESDAY + "11:00", body="Which till is it?")
    run_due(sofia("2026-03-20T11:00"))

    live = Clock.objects.about(complaint).live()
    assert set(live.values_list("metric", "state")) == {
        ("resolution", "paused"), ("update", "paused"),
    }  # fmt: skip
    assert ("sla.breach", "update") not in said(complaint)


def test_the_most_specific_target_wins(account, log, clock_of):
    agreed(
        account,
        targets={("p2", "resolution"): 240},
        for_category={("p2", "billing", "resolution"): 120},
    )

    due = {
        category: clock_of(log(MONDAY + "10:00", category=category)).due_at
        for category in ("billing", "quality")
    }

    assert due == {"billing": sofia(MONDAY + "12:00"), "quality": sofia(MONDAY + "14:00")}


def test_p1_always_runs_day_and_night(account, log, clock_of):
    agreed(account, targets={("p1", "resolution"): 120})

    complaint = log(MONDAY + "22:00", "p1")

    assert clock_of(complaint).due_at == sofia(TUESDAY + "00:00")
    assert clock_of(complaint, "first_response").due_at == sofia(MONDAY + "22:30")


def test_reopened_while_it_is_resolved_the_clock_goes_on_without_the_time_between(
    worked_on, act, clock_of
):
    complaint = worked_on(MONDAY + "09:00")
    act("resolve_complaint", complaint, MONDAY + "12:00")

    act("reopen", complaint, TUESDAY + "10:00")

    assert states(complaint, "resolution") == ["running"]
    assert clock_of(complaint).due_at == sofia(TUESDAY + "15:00")


def test_reopened_in_a_later_month_half_the_time_is_granted(worked_on, act, clock_of):
    complaint = worked_on("2026-03-30T09:00")
    act("resolve_complaint", complaint, "2026-03-30T12:00")

    act("reopen", complaint, "2026-04-01T10:00")

    assert states(complaint, "resolution") == ["met", "running"]
    assert clock_of(complaint, cycle=2).due_at == sofia("2026-04-01T14:00")


@pytest.mark.parametrize("how", ["client says no", "reopened after the call"])
def test_reopened_by_the_follow_up_call_or_after_it_half_the_time_is_granted(
    worked_on, act, clock_of, how
):
    complaint = worked_on(MONDAY + "09:00")
    act("resolve_complaint", complaint, MONDAY + "12:00")

    if how == "client says no":
        act("record_callback", complaint, TUESDAY + "10:00", outcome="not_satisfied")
    else:
        act("record_callback", complaint, MONDAY + "16:00", outcome="satisfied")
        act("reopen", complaint, TUESDAY + "10:00")

    assert states(complaint, "resolution") == ["met", "running"]
    assert clock_of(complaint, cycle=2).due_at == sofia(TUESDAY + "14:00")


@pytest.mark.parametrize("closed", [False, True])
def test_the_first_response_never_starts_again(worked_on, act, closed):
    complaint = worked_on(MONDAY + "09:00")
    act("resolve_complaint", complaint, MONDAY + "10:00")
    if closed:
        act("record_callback", complaint, MONDAY + "11:00", outcome="satisfied")

    act("reopen", complaint, TUESDAY + "10:00")
    act("comment", complaint, TUESDAY + "10:30")

    assert states(complaint, "first_response") == ["met"]
    assert states(complaint, "next_response") == ["running"]


def test_steps_keep_to_working_hours_unless_they_say_otherwise(account, log):
    agreed(
        account,
        {"percent": 50, "hearer": "manager"},
        {"percent": 75, "hearer": "head", "any_hour": True},
        targets={("p1", "first_response"): 120},
    )
    complaint = log(MONDAY + "22:00", "p1")
    Timer.objects.exclude(subject_id=complaint.clocks.get(metric="first_response").pk).delete()

    run_due(sofia(MONDAY + "23:00"))
    at_eleven = said(complaint)
    run_due(sofia(MONDAY + "23:30"))
    at_half_past = said(complaint)
    for moment in ("08:59:59", "09:00:00"):
        run_due(sofia(TUESDAY + moment))

    entries = AuditEntry.objects.filter(target_id=complaint.pk, verb__startswith="sla.")
    assert (at_eleven, at_half_past) == ([], [("sla.warn", "first_response")])
    assert [entry.happened_at for entry in entries.order_by("id")] == [
        sofia(MONDAY + "23:30"), sofia(TUESDAY + "00:00"), sofia(TUESDAY + "09:00"),
    ]  # fmt: skip


def test_a_step_repeats_only_up_to_its_limit(account, log):
    agreed(
        account,
        {"minutes_from_due": 60, "hearer": "head", "repeat_minutes": 60, "repeat_limit": 2},
    )
    complaint = log(MONDAY + "09:00")
    Timer.objects.exclude(subject_id=complaint.clocks.get(metric="first_response").pk).delete()

    for hour in range(10, 40):
        run_due(sofia(MONDAY + "00:01") + hour * HOUR)

    escalated = AuditEntry.objects.filter(verb="sla.escalate", target_id=complaint.pk)
    assert [entry.happened_at for entry in escalated.order_by("id")] == [
        sofia(f"{MONDAY}{hour}:00") for hour in (11, 12, 13)
    ]


def test_after_an_outage_each_clock_is_told_of_once_with_true_times_and_the_lag(log):
    complaint = log(MONDAY + "09:00")

    run_due(sofia(MONDAY + "17:00"))

    first, resolution = AuditEntry.objects.filter(
        target_id=complaint.pk, verb__startswith="sla."
    ).order_by("verb")
    due = sofia(MONDAY + "11:00")
    assert (first.verb, first.details["steps"]) == ("sla.breach", ["50", "75", "90", "breach"])
    assert (first.happened_at, datetime.fromisoformat(first.details["due"])) == (due, due)
    assert first.details["lag_seconds"] == 6 * 3600 - 1  # the microsecond after the due moment
    assert (resolution.verb, resolution.details["step"]) == ("sla.warn", "90")
    assert resolution.happened_at == sofia(MONDAY + "16:12")
    assert resolution.details["lag_seconds"] == 48 * 60


def test_a_running_clock_keeps_the_contract_it_began_on(account, log, act, clock_of):
    contract = agreed(account, targets={("p2", "resolution"): 240})
    complaint = log(MONDAY + "10:00")
    Contract.objects.filter(pk=contract.pk).update(state="terminated", ended_on=date(2026, 3, 9))

    act("triage", complaint, MONDAY + "11:00", priority="p3")
    act("triage", complaint, MONDAY + "11:00", priority="p2")

    assert clock_of(complaint).due_at == sofia(MONDAY + "14:00")
    assert clock_of(log(MONDAY + "10:00")).due_at == sofia(TUESDAY + "10:00")


def test_a_running_clock_keeps_the_hours_it_began_on(account, admin, log, act, clock_of):
    complaint = log(MONDAY + "10:00")
    edit_calendar(
        actor=admin, calendar=account.calendar, name="Mornings", country="", zone="Europe/Sofia",
        week={str(day): [[9 * 3600, 12 * 3600]] for day in range(5)}, now=sofia(MONDAY + "10:30"),
    )  # fmt: skip

    act("triage", complaint, MONDAY + "11:00", priority="p3")
    act("triage", complaint, MONDAY + "11:00", priority="p2")

    assert clock_of(complaint).due_at == sofia(TUESDAY + "10:00")
    account.calendar.refresh_from_db()
    assert clock_of(log(MONDAY + "10:00")).due_at == sofia("2026-03-11T12:00")


def test_resolved_at_the_due_moment_itself_is_met(worked_on, act, clock_of):
    complaint = worked_on(MONDAY + "09:00")
    due = clock_of(complaint).due_at

    act("resolve_complaint", complaint, due)
    run_due(due + HOUR)

    assert clock_of(complaint).state == "met"
    assert ("sla.breach", "resolution") not in said(complaint)


def test_the_contract_for_what_it_is_about_wins(account, log, clock_of):
    agreed(account, targets={("p2", "resolution"): 240})
    agreed(account, scope="Tills", targets={("p2", "resolution"): 60})

    due = {
        scope: clock_of(log(MONDAY + "10:00", scope=scope)).due_at
        for scope in ("Tills", "Scales", "")
    }

    assert due == {
        "Tills": sofia(MONDAY + "11:00"),
        "Scales": sofia(MONDAY + "14:00"),
        "": sofia(MONDAY + "14:00"),
    }
