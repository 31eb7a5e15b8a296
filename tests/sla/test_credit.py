"""Credits: approved, told to the client, waived; deadlines that do not count (4.4)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError
from core.models import AuditEntry, Notification, OutgoingMail
from sla import month, services
from sla.letters import addressee, credit_letter
from sla.models import Attainment, Credit
from sla.queries import credits_to_settle
from tests.factories import NOON, ComplaintFactory, ContactFactory
from tests.sla.months import FEBRUARY, HOUR, MARCH, clock, clocks, signed, successor

CHANGE = "a second person is on call at night"
PAPER = {
    "reason": "They value the new rota more.",
    "waived_by_client": "Ana Petrova",
    "waived_in": "Mail of 12 March",
}


@pytest.fixture
def finance(people):
    return people["fi"]


@pytest.fixture
def contract(account):
    return signed(account, exclusions=["client_delay"])


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Ana Petrova", language="en")


@pytest.fixture
def credit(contract, people):
    """A proposed credit of 480.00 for February: answers 44 of 48, solutions 38 of 48."""
    clocks(contract, "first_response", met=44, missed=4)
    clocks(contract, "resolution", met=38, missed=10)
    month.close_month(FEBRUARY, now=NOON)
    return Credit.objects.get()


def approve(credit, by, now=NOON):
    return services.approve_credit(actor=by, credit=credit, now=now)


def issue(credit, by, change=CHANGE):
    return services.issue_credit(actor=by, credit=credit, change=change, now=NOON)


def waive(credit, by, **given):
    return services.waive_credit(actor=by, credit=credit, **PAPER | given, now=NOON)


def code_of(work, *arguments, **given):
    with pytest.raises(DomainError) as refusal:
        work(*arguments, **given)
    return refusal.value.code


def told(verb):
    entry = AuditEntry.objects.get(verb=verb)
    return str(entry.says)


def test_finance_approves_and_the_account_manager_hears_of_it(credit, finance, manager):
    approve(credit, finance)

    credit.refresh_from_db()
    assert (credit.state, credit.approved_by, credit.approved_at) == ("approved", finance, NOON)
    assert told("sla.approve_credit") == "Approved the credit of €480.00 for February 2026"
    heard = Notification.objects.filter(entry__verb="sla.approve_credit")
    assert [each.recipient for each in heard] == [manager]


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "ex", "ad", "api"])
def test_nobody_but_finance_approves(credit, people, role):
    with pytest.raises(PermissionDenied):
        approve(credit, people[role])

    credit.refresh_from_db()
    assert credit.state == "proposed"


def test_the_letter_goes_out_with_an_apology_and_what_was_changed(
    credit, finance, manager, contact
):
    approve(credit, finance)

    issue(credit, manager)

    credit.refresh_from_db()
    [mail] = OutgoingMail.objects.filter(to="ana.petrova@client.example")
    assert (credit.state, credit.issued_at, credit.change) == ("issued", NOON, CHANGE)
    assert credit.letter == mail.body
    assert mail.subject == f"[{credit.contract.no}] Service credit for February 2026"
    assert mail.body == (
        "In February 2026 we met 44 of 48 targets for first response. "
        "In February 2026 we met 38 of 48 targets for resolution. "
        "Under our agreement we credit you €480.00; you need do nothing. "
        f"We are sorry, and here is what we changed: {CHANGE}."
    )
    assert mail.account_id == credit.account_id


LETTERS = {
    "en": "In February 2026 we met 38 of 48 targets for resolution. Under our agreement we "
    "credit you €384.00; you need do nothing. We are sorry, and here is what we changed: x.",
    "ru": "В феврале 2026 года мы уложились в срок по показателю «{metric}» в 38 случаях из 48. "
    "По договору зачисляем вам 384,00 €, от вас ничего не требуется. Приносим извинения; "
    "вот что мы изменили: x.",
    "uk": "У лютому 2026 року ми вклалися в строк за показником «{metric}» у 38 випадках із 48. "
    "За договором зараховуємо вам 384,00 EUR, від вас нічого не потрібно. Перепрошуємо; "
    "ось що ми змінили: x.",
    "bg": "През февруари 2026 г. спазихме срока за „{metric}“ в 38 от 48 случая. "
    "По договора ви приспадаме 384,00 €, от вас не се иска нищо. Извиняваме се; "
    "ето какво променихме: x.",
}
WORDS = {"en": "resolution", "ru": "решение", "uk": "вирішення", "bg": "решение"}


@pytest.mark.parametrize("language", LETTERS)
def test_the_letter_speaks_the_language_of_its_reader(contract, account, language):
    contact = ContactFactory(account=account, language=language)
    clocks(contract, "first_response", met=48)
    clocks(contract, "resolution", met=38, missed=10)
    month.close_month(FEBRUARY, now=NOON)

    letter = credit_letter(Credit.objects.get(), contact, "x.")

    body = letter.body.replace("\u00a0", " ").replace("\u202f", " ")
    assert body == LETTERS[language].format(metric=WORDS[language])
    assert letter.to == contact.email


@pytest.mark.parametrize("language", ["ru", "uk", "bg", "en"])
@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_has_its_name_in_every_language(credit, account, language, number):
    contact = ContactFactory(account=account, language=language)
    credit.month = credit.month.replace(month=number)

    letter = credit_letter(credit, contact, "x")

    assert "{" not in letter.subject + letter.body


def test_somebody_who_decides_is_written_to_first(account):
    ContactFactory(account=account, name="Boris")
    ContactFactory(account=account, name="Clara", roles=["decision_maker"])
    ContactFactory(account=account, name="Aaron", roles=["decision_maker"], emails=[])
    ContactFactory(account=account, name="Anton", roles=["champion"], state="left")
    ContactFactory(name="Abel", roles=["decision_maker"])

    assert addressee(account).name == "Clara"


def test_without_somebody_who_decides_the_first_with_a_mail_is_written_to(account):
    assert addressee(account) is None
    ContactFactory(account=account, name="Boris")
    ContactFactory(account=account, name="Anna")

    assert addressee(account).name == "Anna"


def test_a_letter_needs_a_reader_and_something_that_changed(credit, finance, manager):
    approve(credit, finance)

    nobody = code_of(issue, credit, manager)
    ContactFactory(account=credit.account)
    nothing = code_of(issue, credit, manager, change=" ")

    assert (nobody, nothing) == ("nobody_to_write_to", "change_missing")
    assert Credit.objects.get().state == "approved"


@pytest.mark.parametrize(
    ("role", "may"),
    [("am", True), ("hk", True), ("fi", True), ("sa", False), ("te", False), ("ex", False)],
)
def test_who_may_write_to_the_client(credit, finance, people, contact, role, may):
    approve(credit, finance)
    if may:
        issue(credit, people[role])
    else:
        with pytest.raises(PermissionDenied):
            issue(credit, people[role])

    assert (Credit.objects.get().state == "issued") is may


def test_another_account_manager_does_not_write(credit, finance, stranger, contact):
    approve(credit, finance)

    with pytest.raises(PermissionDenied):
        issue(credit, stranger)


def test_the_client_waives_in_writing(credit, finance, manager):
    waive(credit, finance)

    credit.refresh_from_db()
    assert credit.state == "waived"
    assert (credit.waived_by_client, credit.waived_in) == ("Ana Petrova", "Mail of 12 March")
    entry = AuditEntry.objects.get(verb="sla.waive_credit")
    assert entry.reason == PAPER["reason"]
    assert str(entry.says) == (
        "Recorded that the client waived the credit of €480.00 for February 2026"
    )


@pytest.mark.parametrize("missing", PAPER)
def test_a_waiver_names_who_where_and_why(credit, finance, missing):
    assert code_of(waive, credit, finance, **{missing: " "}) == "not_waived_in_writing"


@pytest.mark.parametrize("role", ["am", "sa", "te", "ex"])
def test_who_was_in_charge_does_not_waive(credit, people, role):
    with pytest.raises(PermissionDenied):
        waive(credit, people[role])


def test_each_state_allows_its_own_steps(credit, finance, contact):
    early = code_of(issue, credit, finance)
    approve(credit, finance)
    twice = code_of(approve, credit, finance)
    issue(credit, finance)
    late = [code_of(each, credit, finance) for each in (approve, issue, waive)]

    assert [early, twice, *late] == ["illegal_transition"] * 5


def test_an_approved_credit_can_still_be_waived(credit, finance):
    approve(credit, finance)

    waive(credit, finance)

    assert Credit.objects.get().state == "waived"


def test_a_waived_credit_leaves_its_room_for_later_months(credit, contract, finance):
    waive(credit, finance)
    clocks(contract, missed=30, due=datetime(2026, 3, 10, tzinfo=UTC))

    month.close_month(MARCH, now=datetime(2026, 4, 2, tzinfo=UTC))

    assert Credit.objects.get(month__month=3).annual_room == Decimal("2880.00")


def test_each_person_settles_his_own_part(credit, finance, manager, head, stranger):
    people = (finance, manager, head, stranger)

    def waiting():
        return [list(credits_to_settle(person)) for person in people]

    to_approve = waiting()
    approve(credit, finance)
    to_send = waiting()

    assert to_approve == [[credit], [], [], []]
    assert to_send == [[], [credit], [], []]


@pytest.fixture
def missed(contract):
    """A clock that was missed in March, whose month is open."""
    row = clock(contract, state="missed", due=NOON - HOUR, stopped_at=NOON)
    row.subject_id = ComplaintFactory(account=contract.account, no="CMP-2026-00077").pk
    row.save()
    return row


def exclude(row, by, kind="client_delay", reason="The key was lost", now=NOON):
    return services.exclude_clock(actor=by, clock=row, kind=kind, reason=reason, now=now)


def test_a_missed_deadline_is_left_out_for_an_agreed_reason(missed, head):
    exclude(missed, head)

    missed.refresh_from_db()
    assert (missed.excluded_as, missed.excluded_because) == ("client_delay", "The key was lost")
    assert missed.state == "missed"
    assert told("sla.exclude") == (
        "Left a missed “Resolution” out of the figures: CMP-2026-00077. The client delayed the work"
    )
    month.close_month(MARCH, now=datetime(2026, 4, 2, tzinfo=UTC))
    row = Attainment.objects.get(metric="resolution")
    assert (row.met, row.missed, row.excluded) == (0, 0, 1)


def test_a_breach_that_no_timer_has_recorded_yet_can_be_excluded(contract, head):
    row = clock(contract, state="running", due=NOON - HOUR)
    row.subject_id = ComplaintFactory(account=contract.account).pk
    row.save()

    exclude(row, head)

    row.refresh_from_db()
    assert row.breached_at == NOON - HOUR


@pytest.mark.parametrize("kind", ["agreed_maintenance", "supplier_delay", ""])
def test_only_reasons_on_the_list_of_the_contract_count(missed, head, kind):
    assert code_of(exclude, missed, head, kind=kind) == "not_on_the_list"


def test_an_exclusion_says_why(missed, head):
    assert code_of(exclude, missed, head, reason=" ") == "reason_missing"


def test_a_deadline_is_excluded_once(missed, head):
    exclude(missed, head)

    assert code_of(exclude, missed, head) == "already_excluded"


def test_what_was_met_or_still_has_time_is_not_excluded(contract, head):
    rows = [clock(contract), clock(contract, state="running", due=NOON + HOUR)]
    for row in rows:
        row.save()

    assert [code_of(exclude, row, head) for row in rows] == ["not_missed"] * 2


def test_the_house_standard_excludes_nothing(missed, head):
    missed.contract = None
    missed.save()

    assert code_of(exclude, missed, head) == "not_under_contract"


def test_a_closed_month_is_final_also_where_a_later_version_has_its_figures(account, head):
    old = signed(account, state="renewed", ended_on=date(2026, 1, 31), exclusions=["client_delay"])
    successor(old, FEBRUARY)
    outlived = clock(old, state="missed")
    outlived.save()
    month.close_month(FEBRUARY, now=NOON)

    assert code_of(exclude, outlived, head) == "month_closed"


@pytest.mark.parametrize("role", ["am", "sa", "te", "fi", "ex"])
def test_only_the_head_excludes(missed, people, role):
    with pytest.raises(PermissionDenied):
        exclude(missed, people[role])
