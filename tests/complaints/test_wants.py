from datetime import timedelta

import pytest

from accounts import services as accounts
from complaints import services
from complaints.models import Want
from complaints.recovery import recovery_of
from complaints.services import WantInput
from complaints.services.wants import EvidenceMissing
from core.models import AuditEntry


@pytest.fixture
def judge(complaint, agent, now):
    """Return a function that judges wants, by number."""

    def judge_some(wants, at=now):
        services.set_wants(actor=agent, complaint=complaint, wants=wants, now=at)

    return judge_some


def line(complaint, number):
    return recovery_of(complaint).wants[number - 1]


def done(complaint):
    return recovery_of(complaint).completeness.done


def test_wants_are_judged_one_by_one_and_what_is_not_named_stays(judge, complaint, agent, now):
    judge({2: WantInput("yes", done=True, evidence="She nodded"), 5: WantInput("no")})
    judge({5: WantInput("yes"), 2: WantInput("yes", done=True, evidence="She nodded")}, now)

    told = line(complaint, 2)
    assert (told.wanted, told.done, told.evidence) == ("yes", True, "She nodded")
    assert (told.stored.by, told.stored.at) == (agent, now)
    assert recovery_of(complaint).completeness.required == (1, 2, 4, 5, 6)
    assert str(recovery_of(complaint).completeness.percent) == "20.00"
    assert Want.objects.count() == 2


def test_who_says_it_is_given_says_how_he_knows(judge, complaint):
    with pytest.raises(EvidenceMissing):
        judge({2: WantInput("yes", done=True, evidence=" ")})

    assert not Want.objects.exists()


def test_the_history_tells_how_much_is_given_and_no_words(judge, complaint):
    judge({2: WantInput("yes", done=True, evidence="She nodded")})

    entry = AuditEntry.objects.get(verb="complaints.set_wants")
    assert entry.changes == {"wants": ["0.00", "25.00"]}


def test_the_client_is_heard_when_he_agrees_with_how_we_put_it(complaint, agent, now):
    services.confirm_understanding(
        actor=agent, complaint=complaint, summary="The till prints nothing since nine.", now=now
    )

    assert complaint.understood_at == now
    assert (line(complaint, 1).done, line(complaint, 1).is_automatic) == (True, True)
    assert complaint.messages.get(kind="note").author == agent


def test_a_first_answer_in_time_is_haste(complaint, agent, now):
    services.reply(actor=agent, complaint=complaint, body="We come.", now=now)

    assert done(complaint) == (4,)


@pytest.mark.parametrize(
    ("apology", "kept", "is_given"),
    [("regret", True, True), ("", True, False), ("regret", False, False)],
)
def test_a_late_answer_is_made_up_for_by_an_apology_and_a_time_that_is_kept(
    complaint, agent, now, apology, kept, is_given
):
    late, agreed = now + timedelta(hours=3), now + timedelta(hours=6)
    services.reply(
        actor=agent, complaint=complaint, body="Sorry that it took us so long.", apology=apology,
        next_contact_at=agreed, now=late,
    )  # fmt: skip
    before = 4 in done(complaint)
    at = agreed if kept else agreed + timedelta(minutes=1)
    services.reply(actor=agent, complaint=complaint, body="It is on its way.", now=at)

    assert before is False
    assert (4 in done(complaint)) is is_given


def test_prevention_told_to_the_client_assures_him(complaint, agent, now):
    services.plan_prevention(
        actor=agent, complaint=complaint, text="We test each cutter.", owner=agent,
        due_date=now.date(), now=now,
    )  # fmt: skip
    planned = line(complaint, 8).done

    services.tell_prevention(
        actor=agent, complaint=complaint, body="From now on we test each cutter.", now=now
    )
    told = line(complaint, 8).done
    services.plan_prevention(
        actor=agent, complaint=complaint, text="We test nothing.", owner=agent,
        due_date=now.date(), now=now,
    )  # fmt: skip

    assert (planned, told) == (False, True)
    assert line(complaint, 8).done is False


def test_an_apology_in_the_answer_is_kept_word_by_word(complaint, agent, now):
    services.reply(
        actor=agent, complaint=complaint, body="We are sorry.", apology="regret", now=now
    )

    apology = complaint.apologies.get()
    assert (apology.form, apology.text, apology.by) == ("regret", "We are sorry.", agent)
    assert (apology.to, apology.channel) == (complaint.contact, "email")
    assert apology.admission_of_liability is False


def test_an_apology_by_phone_sends_nothing_and_is_an_answer(complaint, agent, now):
    services.apologise(
        actor=agent, complaint=complaint, form="responsibility", text="Ours to put right.",
        channel="phone", admission_of_liability=True, now=now,
    )  # fmt: skip

    assert complaint.apologies.get().admission_of_liability is True
    assert complaint.clocks.get(metric="first_response").state == "met"


@pytest.mark.parametrize(
    ("impact", "mood", "is_owed"),
    [
        (1, None, True),
        (2, None, True),
        (3, None, True),
        (4, None, False),
        (4, -1, True),
        (4, 0, False),
    ],
)
def test_an_apology_is_owed_to_the_gravely_hurt_and_to_the_angry(
    log, account, contact, agent, now, impact, mood, is_owed
):
    complaint = log(impact=impact, urgency=impact)
    if mood is not None:
        accounts.log_touch(
            actor=agent, account=account, summary="On the phone", contacts=[contact], at=now,
            fields={"kind": "call", "sentiment": mood}, now=now,
        )  # fmt: skip

    owed = recovery_of(complaint).owes_apology
    services.skip_apology(actor=complaint.lead, complaint=complaint, reason="She asked us", now=now)

    assert owed is is_owed
    assert not recovery_of(complaint).owes_apology


def test_anger_of_before_the_complaint_does_not_count(log, account, contact, agent, now):
    accounts.log_touch(
        actor=agent, account=account, summary="On the phone", contacts=[contact], at=now,
        fields={"kind": "call", "sentiment": -2}, now=now,
    )  # fmt: skip
    later = log(impact=4, urgency=4, at=now + timedelta(hours=1))

    assert not recovery_of(later).owes_apology


@pytest.mark.parametrize("full", [False, True])
def test_the_whole_recovery_is_read_by_a_fixed_number_of_queries(
    complaint, ready, agent, now, full, django_assert_num_queries
):
    if full:
        for number in range(3):
            services.apologise(
                actor=agent, complaint=complaint, form="regret", text=f"Sorry {number}", now=now
            )

    with django_assert_num_queries(9):
        assert len(recovery_of(complaint).wants) == 8
