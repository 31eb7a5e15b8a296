"""Credits, closed months and reviews in the browser and over REST."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import OutgoingMail
from sla import month, services
from sla.models import Attainment, Clock, Contract, Credit, Review
from tests.conftest import HTMX
from tests.factories import NOON, AccountFactory, ComplaintFactory, ContactFactory
from tests.sla.months import FEBRUARY, HOUR, clock, clocks, signed

CHANGE = "a second person is on call"
WAIVER = {"reason": "A favour", "waived_by_client": "Ana", "waived_in": "Mail of 12 March"}
MINUTES = {
    "first_month": "2026-01-01",
    "last_month": "2026-02-01",
    "held_on": "2026-03-02",
    "attendees": "Ana",
    "minutes": "We agreed on a night rota.",
}
BASE = "/api/v1"


@pytest.fixture
def finance(people):
    return people["fi"]


@pytest.fixture
def contract(account):
    return signed(account, exclusions=["client_delay"], next_review=date(2026, 4, 1))


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Ana Petrova")


@pytest.fixture
def credit(contract, now):
    clocks(contract, "first_response", met=44, missed=4)
    clocks(contract, "resolution", met=38, missed=10)
    month.close_month(FEBRUARY, now=NOON)
    return Credit.objects.get()


@pytest.fixture
def missed(contract, now):
    complaint = ComplaintFactory(account=contract.account, no="CMP-2026-00077")
    due = NOON - HOUR
    row = clock(contract, state="missed", due=due, stopped_at=NOON, subject_id=complaint.pk)
    row.save()
    row.runs.create(starts_at=row.started_at, ends_at=NOON)
    return row


class Browser:
    """The pages, as a person fills in their forms."""

    def __init__(self, client):
        self.client = client

    def approve(self, credit):
        return self._post("approve_credit", credit.pk, version=credit.version)

    def issue(self, credit, change):
        return self._post("issue_credit", credit.pk, version=credit.version, change=change)

    def waive(self, credit, **given):
        return self._post("waive_credit", credit.pk, version=credit.version, **given)

    def exclude(self, clock, **given):
        return self._post("exclude", clock.pk, **given)

    def hold_review(self, contract, **given):
        return self._post("hold_review", contract.pk, version=contract.version, **given)

    def _post(self, name, pk, **given):
        return self.client.post(reverse(f"sla:{name}", args=[pk]), given)


class Program:
    """The same over REST."""

    def __init__(self, client):
        self.client = client

    def approve(self, credit):
        return self._post(f"/credits/{credit.pk}/approve", credit.version)

    def issue(self, credit, change):
        return self._post(f"/credits/{credit.pk}/issue", credit.version, change=change)

    def waive(self, credit, **given):
        return self._post(f"/credits/{credit.pk}/waive", credit.version, **given)

    def exclude(self, clock, **given):
        return self._post(f"/clocks/{clock.pk}/exclude", None, **given)

    def hold_review(self, contract, **given):
        return self._post(f"/sla-contracts/{contract.pk}/hold-review", contract.version, **given)

    def _post(self, path, version, **given):
        headers = {"If-Match": f'"{version}"'} if version else {}
        return self.client.post(
            BASE + path, given, content_type="application/json", headers=headers
        )


@pytest.fixture(params=[Browser, Program])
def surface(request, sign_in):
    """Return a function that gives a person the pages, or REST."""
    return lambda person: request.param(sign_in(person))


def test_a_credit_travels_from_the_close_to_the_letter(surface, credit, finance, manager, contact):
    approved = surface(finance).approve(credit)
    credit.refresh_from_db()
    issued = surface(manager).issue(credit, CHANGE)

    credit.refresh_from_db()
    assert [approved.status_code, issued.status_code] in ([302, 302], [200, 200])
    assert (credit.state, credit.approved_by, credit.change) == ("issued", finance, CHANGE)
    assert OutgoingMail.objects.filter(to=contact.email).count() == 1


def test_a_credit_is_waived(surface, credit, finance):
    answer = surface(finance).waive(credit, **WAIVER)

    credit.refresh_from_db()
    assert answer.status_code in {200, 302}
    assert (credit.state, credit.waived_in) == ("waived", "Mail of 12 March")


def test_a_missed_deadline_is_excluded(surface, missed, head):
    answer = surface(head).exclude(missed, kind="client_delay", reason="The key was lost")

    missed.refresh_from_db()
    assert answer.status_code in {200, 302}
    assert (missed.excluded_as, missed.excluded_because) == ("client_delay", "The key was lost")


def test_a_review_is_held(surface, contract, manager, now):
    answer = surface(manager).hold_review(contract, **MINUTES)

    review = Review.objects.get()
    assert answer.status_code in {201, 302}
    assert (review.minutes, review.last_month) == ("We agreed on a night rota.", FEBRUARY)
    assert Contract.objects.get().next_review == date(2026, 7, 1)


def test_who_may_not_is_refused(surface, credit, contract, missed, manager, agent, technician):
    answers = [
        surface(manager).approve(credit),
        surface(agent).issue(credit, CHANGE),
        surface(manager).waive(credit, **WAIVER),
        surface(agent).hold_review(contract, **MINUTES),
        surface(manager).exclude(missed, kind="client_delay", reason="x"),
    ]

    assert {each.status_code for each in answers} == {403}
    assert Credit.objects.get().state == "proposed"


def test_what_one_may_not_see_is_not_there(surface, credit, contract, missed, admin):
    answers = [
        surface(admin).approve(credit),
        surface(admin).hold_review(contract, **MINUTES),
        surface(admin).exclude(missed, kind="client_delay", reason="x"),
    ]

    assert {each.status_code for each in answers} == {404}


def test_a_refusal_is_told(surface, credit, finance, contact):
    too_early = surface(finance).issue(credit, CHANGE)

    assert too_early.status_code == 409


def page(name, *arguments):
    return reverse(f"sla:{name}", args=arguments)


def text_of(response):
    return response.content.decode()


def test_the_list_has_what_waits_first(sign_in, finance, credit):
    old = Credit.objects.get()
    Credit.objects.filter(pk=old.pk).update(state="approved", approved_by=finance, approved_at=NOON)
    other = AccountFactory(name="Balkan Freight", calendar=credit.account.calendar)
    clocks(signed(other), missed=9, due=datetime(2026, 1, 14, 10, tzinfo=UTC))
    month.close_month(date(2026, 1, 1), now=NOON)
    browser = sign_in(finance)

    told = text_of(browser.get(page("credits")))
    mine = text_of(browser.get(page("credits"), {"mine": "on"}, headers=HTMX))
    approved = text_of(browser.get(page("credits"), {"state": "approved"}, headers=HTMX))
    january = text_of(browser.get(page("credits"), {"month": "2026-01-01"}, headers=HTMX))

    assert told.index("Balkan Freight") < told.index("Lipa Bakery")
    assert ("Balkan Freight" in mine, "Lipa Bakery" in mine) == (True, False)
    assert ("Balkan Freight" in approved, "Lipa Bakery" in approved) == (False, True)
    assert "<html" not in mine
    assert ("Balkan Freight" in january, "Lipa Bakery" in january) == (True, False)


def test_a_credit_tells_how_it_was_computed(sign_in, agent, credit):
    told = text_of(sign_in(agent).get(page("credit", credit.pk)))

    words = [
        "91.67\u00a0% (44 of 48)",
        "90\u00a0% to less than 95\u00a0%: 3\u00a0% of the monthly fee",
        "79.17\u00a0% (38 of 48)",
        "75\u00a0% to less than 85\u00a0%: 8\u00a0% of the monthly fee",
        "Together 11\u00a0% of the month’s fee",
        "€528.00",
        "At most 10\u00a0% of the month’s fee",
        "this limits it",
        "€480.00",
        "€2,880.00",
    ]
    places = [told.find(each) for each in words]
    assert -1 not in places
    assert told.count("this limits it") == 1
    assert "Approve</button>" not in told


def test_few_cases_are_told_miss_by_miss(sign_in, agent, contract, now):
    clocks(contract, met=4, missed=2)
    month.close_month(FEBRUARY, now=NOON)

    told = text_of(sign_in(agent).get(page("credit", Credit.objects.get().pk)))

    assert (
        "6 cases are fewer than 10, so the misses are counted: 2, of which 1 without a credit, "
        "and 2\u00a0% for each further one"
    ) in told
    assert "nothing fell due" in told


def test_a_metric_that_was_kept_earns_nothing(sign_in, agent, contract, now):
    clocks(contract, "first_response", met=20)
    clocks(contract, met=5, missed=15)
    month.close_month(FEBRUARY, now=NOON)

    told = text_of(sign_in(agent).get(page("credit", Credit.objects.get().pk)))

    assert "kept often enough: no credit" in told


def test_forms_are_drawn_with_what_is_known(sign_in, finance, manager, contract, credit):
    waive = text_of(sign_in(finance).get(page("waive_credit", credit.pk)))
    hold = text_of(sign_in(manager).get(page("hold_review", contract.pk)))

    assert "Only Lipa Bakery can waive the credit for February 2026" in waive
    assert '<option value="2026-02-01" selected>February 2026</option>' in hold
    assert 'value="2026-03-02"' in hold


def test_the_buttons_are_those_of_the_person_and_the_state(sign_in, finance, manager, credit):
    def shown(person):
        told = text_of(sign_in(person).get(page("credit", credit.pk)))
        names = ("approve_credit", "issue_credit", "waive_credit")
        return [name for name in names if page(name, credit.pk) in told]

    proposed = [shown(finance), shown(manager)]
    services.approve_credit(actor=finance, credit=credit, now=NOON)
    approved = [shown(finance), shown(manager)]

    assert proposed == [["approve_credit", "waive_credit"], []]
    assert approved == [["issue_credit", "waive_credit"], ["issue_credit"]]


def test_the_letter_is_shown_before_it_is_sent(sign_in, finance, manager, credit, account):
    services.approve_credit(actor=finance, credit=credit, now=NOON)
    ContactFactory(account=account, name="Ana Petrova", language="ru")
    browser = sign_in(manager)
    address = page("issue_credit", credit.pk)

    drawn = text_of(browser.get(address))
    with_words = text_of(browser.get(address, {"change": "дежурим вдвоём"}, headers=HTMX))
    empty = browser.post(address, {"version": credit.version, "change": ""})

    assert "ana.petrova@client.example</span>" in drawn
    assert "вот что мы изменили: ….</p>" in drawn
    assert "Language of the letter: Russian" in drawn
    assert "вот что мы изменили: дежурим вдвоём.</p>" in with_words
    assert "<html" not in with_words
    assert empty.status_code == 422
    assert not OutgoingMail.objects.filter(to="ana.petrova@client.example").exists()


def test_without_an_address_the_page_says_so(sign_in, finance, credit):
    services.approve_credit(actor=finance, credit=credit, now=NOON)

    told = text_of(sign_in(finance).get(page("issue_credit", credit.pk)))

    assert "Nobody can be written to." in told


def test_closed_months_open_their_clocks(sign_in, head, contract, now):
    complaint = ComplaintFactory(account=contract.account, no="CMP-2026-00077", root_cause="late")
    clock(contract, state="missed", subject_id=complaint.pk).save()
    clock(contract, subject_id=ComplaintFactory(account=contract.account).pk).save()
    month.close_month(FEBRUARY, now=NOON)
    browser = sign_in(head)
    address = page("counted", contract.pk, FEBRUARY, "resolution")

    months = text_of(browser.get(page("attainment", contract.pk)))
    clocks_of_it = text_of(browser.get(address))

    assert address in months
    assert "1 of 2" in months
    assert "50.00 %" in months
    assert clocks_of_it.index("CMP-2026-00077") < clocks_of_it.index("Met")
    assert "Late delivery or visit" in clocks_of_it
    for absent in ("speed", "first-response"):
        assert (
            browser.get(f"{page('attainment', contract.pk)}2026-02-01/{absent}/").status_code == 404
        )


def test_what_is_left_out_and_what_is_still_open_is_said(sign_in, head, contract, now):
    for number, given in enumerate(
        (
            {"state": "running"},
            {"state": "missed", "excluded_as": "client_delay", "excluded_because": "Key lost"},
        )
    ):
        complaint = ComplaintFactory(account=contract.account, no=f"CMP-2026-0008{number}")
        clock(contract, subject_id=complaint.pk, **given).save()
    month.close_month(FEBRUARY, now=NOON)
    browser = sign_in(head)

    told = text_of(browser.get(page("counted", contract.pk, FEBRUARY, "resolution")))
    pack = text_of(browser.get(page("review_pack", contract.pk)))

    for page_of_it in (told, pack):
        assert "still open" in page_of_it
        assert "Left out" in page_of_it
        assert "The client delayed the work" in page_of_it


def test_before_the_first_close_the_pages_say_so(sign_in, head, contract):
    browser = sign_in(head)

    for name in ("attainment", "review_pack"):
        assert "No month is closed yet" in text_of(browser.get(page(name, contract.pk)))


def test_the_pack_shows_the_chosen_months(sign_in, head, contract, now):
    clocks(contract, met=30)
    month.close_due_months(NOON)
    browser = sign_in(head)

    whole = text_of(browser.get(page("review_pack", contract.pk)))
    part = text_of(
        browser.get(
            page("review_pack", contract.pk),
            {"first_month": "2026-02-01", "last_month": "2026-02-01"},
            headers=HTMX,
        )
    )
    odd = browser.get(page("review_pack", contract.pk), {"first_month": "soon"})

    assert "January 2026 – February 2026" in whole
    assert "<h2>February 2026</h2>" in part
    assert "was kept in all 30 cases. We could promise a shorter time." in part
    assert "<html" not in part
    assert odd.status_code == 404


def test_the_pack_is_printed(sign_in, head, contract, now):
    clocks(contract, met=3)
    month.close_month(FEBRUARY, now=NOON)

    answer = sign_in(head).get(page("review_pdf", contract.pk))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{contract.no}-review.pdf"'
    assert answer.content.startswith(b"%PDF")


def test_a_review_has_its_page(sign_in, agent, manager, contract, now):
    told = MINUTES | {"held_on": date(2026, 3, 2), "first_month": FEBRUARY, "last_month": FEBRUARY}
    review = services.hold_review(actor=manager, contract=contract, **told, now=NOON)

    shown = text_of(sign_in(agent).get(page("review", review.pk)))

    assert "We agreed on a night rota." in shown
    assert f"{page('review_pack', contract.pk)}?first_month=2026-02-01" in shown


def test_the_explanation_offers_the_exclusion_to_the_head_only(sign_in, head, agent, missed):
    link = page("exclude", missed.pk)

    def explained(person):
        return text_of(sign_in(person).get(page("explain", missed.pk)))

    offered = [link in explained(person) for person in (head, agent)]
    services.exclude_clock(
        actor=head, clock=missed, kind="client_delay", reason="Lost key", now=NOON
    )

    assert offered == [True, False]
    assert link not in explained(head)
    assert "Lost key" in explained(head)


def test_the_form_names_the_reasons_of_the_contract(sign_in, head, missed):
    told = text_of(sign_in(head).get(page("exclude", missed.pk)))

    assert "The client delayed the work" in told
    assert "Maintenance agreed in advance" not in told


def make(account, count):
    for _each in range(count):
        contract = signed(AccountFactory(owner=account.owner, calendar=account.calendar))
        complaint = ComplaintFactory(account=contract.account)
        clock(contract, state="missed", subject_id=complaint.pk).save()
        clocks(contract, missed=9)
    month.close_month(FEBRUARY, now=NOON)


@pytest.mark.parametrize(
    "address", ["/sla/credits/", f"{BASE}/credits", f"{BASE}/attainments", f"{BASE}/reviews"]
)
def test_lists_cost_the_same_for_one_and_for_three(
    sign_in, head, account, query_count, address, now
):
    browser = sign_in(head)
    make(account, 1)
    _hold_for_all(head)
    one = query_count(browser, address)
    make(account, 2)
    _hold_for_all(head)

    assert query_count(browser, address) == one
    assert Credit.objects.count() == 3


def _hold_for_all(head):
    for contract in Contract.objects.all():
        Review.objects.create(
            contract=contract, first_month=FEBRUARY, last_month=FEBRUARY, held_on=NOON.date(),
            minutes="x", recorded_by=head,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["attainment", "counted", "review_pack"])
def test_pages_of_a_contract_cost_the_same_for_one_miss_and_for_three(
    sign_in, head, contract, query_count, name, now
):
    browser = sign_in(head)
    arguments = (FEBRUARY, "resolution") if name == "counted" else ()
    address = page(name, contract.pk, *arguments)

    def add(number):
        for _each in range(number):
            complaint = ComplaintFactory(account=contract.account, assignee=head)
            row = clock(contract, state="missed", subject_id=complaint.pk)
            row.save()

    add(1)
    month.close_month(FEBRUARY, now=NOON)
    one = query_count(browser, address)
    add(2)

    assert query_count(browser, address) == one


def test_rest_tells_a_credit_with_all_that_makes_it(sign_in, agent, credit):
    told = sign_in(agent).get(f"{BASE}/credits/{credit.pk}").json()

    assert told["amount"] == {"amount": "480.00", "currency": "EUR"}
    assert told["uncapped"] == {"amount": "528.00", "currency": "EUR"}
    assert (told["limited_by"], told["state"], told["month"]) == (
        "monthly_cap",
        "proposed",
        "2026-02-01",
    )
    assert told["lines"][0] == {
        "metric": "first_response",
        "met": 44,
        "counted": 48,
        "percent": "91.6667",
        "credit_percent": "3.0000",
        "rule": "bands",
    }


def test_rest_lists_what_was_kept(sign_in, agent, credit):
    browser = sign_in(agent)

    told = browser.get(f"{BASE}/attainments", {"metric": "first_response"}).json()["results"]
    none = browser.get(f"{BASE}/attainments", {"month": "2026-01-01"}).json()["results"]

    [row] = told
    assert (row["met"], row["missed"], row["counted"], row["percent"]) == (44, 4, 48, "91.6667")
    assert none == []


def test_rest_gives_the_review_pack(sign_in, head, contract, now):
    complaint = ComplaintFactory(account=contract.account, no="CMP-2026-00077", root_cause="late")
    clock(contract, state="missed", subject_id=complaint.pk).save()
    clocks(contract, met=3)
    month.close_month(FEBRUARY, now=NOON)
    browser = sign_in(head)
    address = f"{BASE}/sla-contracts/{contract.pk}"

    told = browser.get(f"{address}/review-pack").json()
    printed = browser.get(f"{address}/review-pdf", {"first_month": "2026-02-20"})
    odd = browser.get(f"{address}/review-pack", {"first_month": "soon"})
    surprise = browser.get(f"{address}/review-pack", {"months": "3"})

    assert told["months"] == ["2026-02-01"]
    assert told["lines"][1]["total"] == {
        "met": 3,
        "counted": 4,
        "excluded": 0,
        "percent": "75.0000",
        "target_percent": "90.0000",
    }
    assert told["lines"][1]["months"][0]["month"] == "2026-02-01"
    assert told["causes"] == [{"cause": "Late delivery or visit", "count": 1}]
    assert [(miss["label"], miss["metric"]) for miss in told["misses"]] == [
        ("CMP-2026-00077", "resolution")
    ]
    assert printed["Content-Type"] == "application/pdf"
    assert (odd.status_code, surprise.status_code) == (400, 400)


def test_a_program_needs_the_scope_and_reads_what_the_client_was_told(
    portal, credit, finance, manager, contact, now
):
    outside = portal("accounts:read").get(f"{BASE}/credits")
    program = portal("sla:read", "sla:write")
    untold = program.get(f"{BASE}/credits").json()["results"]
    unseen = program.post(f"{BASE}/credits/{credit.pk}/approve", headers={"If-Match": '"1"'})
    services.approve_credit(actor=finance, credit=credit, now=NOON)
    services.issue_credit(actor=manager, credit=credit, change=CHANGE, now=NOON)
    told = program.get(f"{BASE}/credits").json()["results"]
    decides = program.post(
        f"{BASE}/credits/{credit.pk}/waive",
        WAIVER,
        format="json",
        headers={"If-Match": f'"{credit.version}"'},
    )

    assert (outside.status_code, unseen.status_code, decides.status_code) == (403, 404, 403)
    assert (untold, [row["id"] for row in told]) == ([], [str(credit.pk)])


def test_figures_stay_as_they_were_closed(credit, contract):
    Clock.objects.filter(contract=contract).update(excluded_as="", excluded_because="")
    month.close_month(FEBRUARY, now=datetime(2026, 6, 1, tzinfo=UTC))

    assert Attainment.objects.get(metric="resolution").percent == Decimal(100) * 38 / 48
