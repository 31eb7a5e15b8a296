from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Task, Touch
from complaints import services
from complaints.kinds import URGENT_MEETING
from complaints.models import Finding, Pressure
from complaints.pressure import index_of, pressed_cases
from complaints.pressure_index import Pressed, pressure_index
from complaints.services import Talk
from complaints.services.pressure import ClientSaidMissing, PartHeld
from core.models import AuditEntry
from tests.examples import example

pytestmark = pytest.mark.django_db


def tactics(complaint, actor, now, *which, words=""):
    return services.name_tactics(
        actor=actor, complaint=complaint, tactics=which, words=words, now=now
    )


def kinds(account):
    return sorted(Task.objects.filter(account=account).values_list("kind", flat=True))


def test_pressure_stands_beside_justification():
    given, wanted = example("E3.7")
    n, pressed = given["complaints_180d"], given["with_tactic"]
    both, right = given["justified_among_tactic"], given["justified_or_partly"]
    cases = [Pressed(True, True)] * both + [Pressed(True, False)] * (pressed - both)
    cases += [Pressed(False, True)] * (right - both)
    cases += [Pressed(False, False)] * (n - len(cases))

    index = pressure_index(cases)

    assert index.pressed.percent == Decimal(wanted["pressure_index_pct"])
    assert index.justified.percent == Decimal(wanted["justified_pct"])
    assert index.justified_pressed.percent == Decimal(wanted["justified_among_tactic_pct"])


def test_a_tactic_changes_neither_priority_nor_deadline(complaint, manager, now):
    before = (complaint.priority, complaint.next_due_at)

    tactics(complaint, manager, now, *Pressure.Tactic.values)

    complaint.refresh_from_db()
    assert (complaint.priority, complaint.next_due_at) == before


@pytest.mark.parametrize(
    ("tactic", "play"),
    [
        ("discount_or_leave", "open_price"),
        ("free_extras", "give_and_get"),
        ("trivial_claims", "sla_talk"),
        ("publicity_threat", "head_call"),
        ("deadline_squeeze", "head_call"),
        ("late_renegotiation", "head_call"),
    ],
)
def test_each_tactic_opens_its_play_and_the_urgent_meeting(tactic, play, log, manager, now):
    complaint = log(impact=4, urgency=4)

    tactics(complaint, manager, now, tactic)

    assert kinds(complaint.account) == sorted([play, URGENT_MEETING])


def test_a_head_is_called_in_by_name(log, manager, head, now):
    complaint = log(impact=4, urgency=4)

    tactics(complaint, manager, now, "publicity_threat")

    assert Task.objects.get(kind="head_call").assignee == head


def test_naming_the_same_tactic_again_opens_nothing_new(log, manager, now):
    complaint = log(impact=4, urgency=4)
    tactics(complaint, manager, now, "free_extras")
    Task.objects.update(state=Task.State.DONE, ended_at=now)

    tactics(complaint, manager, now, "free_extras", words="Again.")

    assert not Task.objects.open().exists()


@pytest.mark.parametrize(("impact", "meets"), [(1, True), (2, True), (3, False), (4, False)])
def test_a_grave_complaint_asks_for_a_meeting_within_a_working_day(
    impact, meets, log, manager, now
):
    complaint = log(impact=impact)

    meetings = Task.objects.filter(kind=URGENT_MEETING)
    assert meetings.exists() is meets
    if meets:
        assert meetings.get().assignee == manager
        assert meetings.get().facts["no"] == complaint.no


def test_one_urgent_meeting_at_a_time(log, account):
    log(impact=1)
    log(impact=2)

    assert kinds(account) == [URGENT_MEETING]


def test_the_meeting_is_done_when_both_parts_are_held(log, manager, contact, now):
    log(impact=2)
    task = Task.objects.get(kind=URGENT_MEETING)
    services.hold_meeting(
        actor=manager, task=task, part="formal", talk=Talk(summary="Figures shown."), now=now
    )
    assert Task.objects.get().state == Task.State.OPEN

    talk = Talk(
        summary="Lunch.", contacts=[contact], client_said="A rival visits them.",
        informal_kind="lunch", hospitality_value=Decimal(35),
    )  # fmt: skip
    services.hold_meeting(actor=manager, task=task, part="informal", talk=talk, now=now)

    assert Task.objects.get().state == Task.State.DONE
    formal, informal = Touch.objects.order_by("id")
    assert (formal.kind, informal.kind) == (Touch.Kind.MEETING, Touch.Kind.INFORMAL)
    assert (informal.client_said, informal.hospitality_value) == ("A rival visits them.", 35)


def test_an_informal_talk_brings_something_to_light(log, manager, now):
    log(impact=2)
    task = Task.objects.get(kind=URGENT_MEETING)

    with pytest.raises(ClientSaidMissing):
        services.hold_meeting(
            actor=manager, task=task, part="informal", talk=Talk(summary="Lunch."), now=now
        )

    assert not Touch.objects.exists()


def test_a_part_is_held_once(log, manager, now):
    log(impact=2)
    task, talk = Task.objects.get(kind=URGENT_MEETING), Talk(summary="Figures shown.")
    services.hold_meeting(actor=manager, task=task, part="formal", talk=talk, now=now)

    with pytest.raises(PartHeld):
        services.hold_meeting(actor=manager, task=task, part="formal", talk=talk, now=now)


def test_support_and_technicians_name_no_tactics(complaint, agent, technician, now):
    for who in (agent, technician):
        with pytest.raises(PermissionDenied):
            tactics(complaint, who, now, "ultimatum")


def test_only_those_who_look_after_the_client_read_of_pressure(
    client, complaint, manager, head, agent, technician, now
):
    tactics(complaint, manager, now, "ultimatum", words="Sign today or we go.")
    page = reverse("complaints:pressure", args=[complaint.account_id])

    seen = {}
    for who in (manager, head, agent, technician):
        client.force_login(who)
        seen[who.name] = client.get(page).status_code
    client.force_login(manager)

    assert seen == {manager.name: 200, head.name: 200, agent.name: 404, technician.name: 404}
    assert "Sign today or we go." in client.get(page).content.decode()


def test_the_history_hides_pressure_from_support(client, complaint, manager, agent, now):
    tactics(complaint, manager, now, "ultimatum", words="Sign today or we go.")
    entry = AuditEntry.objects.get(verb="complaints.name_tactics")
    page = reverse("complaints:detail", args=[complaint.pk])

    client.force_login(agent)
    hidden = client.get(page).content.decode()
    client.force_login(manager)

    assert str(entry.says) not in hidden
    assert str(entry.says) in client.get(page).content.decode()
    assert "Sign today" not in str(entry.changes)


def test_the_index_counts_180_days(log, manager, now):
    old = log(at=now - timedelta(days=181), reason="Found in the archive.")
    new = [log(), log()]
    for each in (old, new[0]):
        tactics(each, manager, now, "ultimatum")
    Finding.objects.create(complaint=new[1], justified="partly")

    index = index_of(pressed_cases(manager, new[0].account, now))

    assert (index.pressed.part, index.pressed.whole) == (1, 2)
    assert (index.justified.part, index.justified_pressed.part) == (1, 0)


def test_the_page_of_pressure_needs_the_same_queries_for_more(
    client, log, manager, now, query_count
):
    page = reverse("complaints:pressure", args=[log().account_id])
    client.force_login(manager)
    one = query_count(client, page)
    for complaint in (log(), log()):
        tactics(complaint, manager, now, "ultimatum")

    assert query_count(client, page) == one


def test_a_program_names_tactics_neither_by_rest_nor_reads_them(program, complaint):
    answer = program.post(f"/api/v1/complaints/{complaint.pk}/tactics", {"tactics": ["ultimatum"]})

    assert answer.status_code in {403, 428}
    assert not Pressure.objects.exists()


def test_the_form_notes_tactics_in_the_browser(client, complaint, manager):
    client.force_login(manager)
    page = reverse("complaints:name_tactics", args=[complaint.pk])

    client.post(page, {"version": complaint.version, "tactics": ["ultimatum"], "words": "Now!"})

    assert Pressure.objects.get().tactics == ["ultimatum"]
