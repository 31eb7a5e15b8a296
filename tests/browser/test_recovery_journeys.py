"""Three journeys through a failure: put right, under pressure, told to all whom it hits."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect
from standardwebhooks import Webhook

from accounts import services as accounts
from accounts.models import Alert, Task, Touch
from complaints import services
from complaints.models import CaseReview, Complaint, Finding, Pressure, Problem, Recipient
from complaints.services import Intake
from core.models import OutgoingMail
from core.services.webhook import add_webhook
from core.tasks import deliver_mail, deliver_webhooks
from sla.models import Contract
from sla.tasks import watch
from tests.browser.hands import form_with, open_step, press, save, send, take
from tests.complaints.client import way_in
from tests.core.webhooks.conftest import certificate, receiver
from tests.examples import example
from tests.factories import (
    AccountFactory,
    AttitudeReadingFactory,
    ComplaintFactory,
    ContactFactory,
    HoldingFactory,
)
from tests.journeys.conftest import tick, worker

__all__ = ["certificate", "receiver", "tick", "worker"]
pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 15_000
BLAME = "Our supplier let us down, and because of the courier the box came late."
OWN = "We checked the shipment too late. We are exchanging it today."


@pytest.fixture(autouse=True)
def patient(page):
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)


def case_url(complaint):
    return reverse("complaints:detail", args=[complaint.pk])


@pytest.fixture
def ostrov(manager):
    """Ostrov Pharma, a lead of Daria's whose contract is signed."""
    account = AccountFactory(
        name="Ostrov Pharma", owner=manager, stage="lead", client_since=None, language="uk"
    )
    ContactFactory(account=account, name="Oksana Bilyk", language="uk")
    return account


def sign_contract(visit, ostrov, daria):
    page = visit(reverse("accounts:detail", args=[ostrov.pk]), daria)
    take(page, "Contract signed", "Record it", number="K-17", signed_on="2026-03-02")

    expect(page.locator(".facts-inline")).to_contain_text("Client")
    expect(page.locator(".standard")).to_be_visible()
    expect(page.locator("#service-levels")).to_contain_text("House standard")
    expect(page.get_by_role("link", name="Contract signed")).to_have_count(0)


def post_twice(program, ostrov):
    words = {
        "account": str(ostrov.pk), "contact": str(ostrov.contacts.get().pk), "impact": 3,
        "urgency": 3, "client_words": "Half of the vaccines came warm.", "disputed_value": "1800.00",
    }  # fmt: skip
    answers = [
        program.post("/api/v1/complaints", words, headers={"Idempotency-Key": "order-4711"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
    assert answers[0].json() == answers[1].json()
    complaint = Complaint.objects.get()
    assert answers[0].json()["no"] == complaint.no
    return complaint


def triage(visit, complaint, lea, petar, daria):
    page = visit(case_url(complaint), lea)
    take(
        page, "Triage", "Save the triage", impact=2, urgency=2, category="delivery",
        assignee=str(petar.pk), lead=str(daria.pk),
    )  # fmt: skip

    expect(page.locator(".page-head")).to_contain_text("P2")
    complaint.refresh_from_db()
    first = complaint.clocks.get(metric="first_response")
    assert first.due_at - complaint.received_at == timedelta(hours=2)
    expect(page.locator(".bars")).to_contain_text("First response")


def find_fault(visit, complaint, petar, daria, now):
    page = visit(case_url(complaint), petar)
    open_step(page, "Findings")
    expect(page.locator("[name=cause_text]")).to_be_visible()
    expect(page.locator("[name=fault]")).to_have_count(0)
    save(
        page, "Save the findings", root_cause="late",
        cause_text="The cold box waited over night: I think it is ours.",
    )  # fmt: skip
    expect(page.locator("#findings")).to_contain_text("I think it is ours")

    page = visit(case_url(complaint), daria)
    take(
        page, "Findings", "Save the findings", fault="ours", justified="yes", staff_hours="3"
    )  # fmt: skip
    expect(page.locator("#findings .disclosure")).to_contain_text("Tell the client by")
    complaint.refresh_from_db()
    assert Finding.objects.get().disclose_by - now == timedelta(hours=4)


def answer(page):
    """Blame the supplier, be stopped, and take the better sentence."""
    box = page.get_by_label("Answer to the client")
    box.fill(f"Dear Ms Bilyk,\n\n{BLAME}")
    marks = ["supplier let us down", "because of the courier"]
    expect(page.locator("mark.blame")).to_have_text(marks)
    press(page, "Send to the client")
    expect(page.get_by_label("Send it all the same, because")).to_be_visible()
    assert not page.get_by_text("Sent to the client.").is_visible()

    press(page, "Put it in")
    words = box.input_value().replace("…", OWN, 1).replace("…", "tonight", 1)
    assert words.startswith("Dear Ms Bilyk,\n\nWe chose our suppliers")
    box.fill(words)
    expect(page.locator(".reply-check")).to_contain_text("Nothing in it puts the blame on others.")
    fill = form_with(page, "Send to the client")
    fill.locator("[name=apology]").select_option("regret")
    press(page, "Send to the client")
    expect(page.locator("#conversation")).to_contain_text(OWN)


def tell_own_mistake(page):
    take(
        page, "Tell the client it is our mistake", "Tell the client",
        body="We left the box over night. You get fresh vaccines today; I call you at four.",
    )  # fmt: skip
    expect(page.locator("#findings")).to_contain_text("The client was told")
    take(
        page, "The client says we understood", "Record it",
        summary="Warm vaccines cannot be used, and patients wait for them.",
    )  # fmt: skip


def ask(page, browser, live_server, complaint):
    """Ask what would put it right; the client answers by her link, without signing in."""
    take(page, "Ask the client", "Ask what would put it right")
    expect(page.locator("#remedy")).to_contain_text("Asked")

    client = browser.new_context().new_page()
    client.goto(f"{live_server.url}{way_in(complaint)}?lang=en")
    client.locator("[name=client_text]").fill("A credit of 180 euro for the spoilt half.")
    press(client, "Send my answer")
    expect(client.get_by_text("Thank you for telling us. We answer you.")).to_be_visible()
    client.context.close()


def agree(page):
    """Price the wish, say yes within the own limit, and give it with something extra."""
    page.reload()
    take(page, "Can we do it?", "Save", feasible="yes", how="By credit note", estimated_cost="180")
    page.get_by_role("link", name="Decide on the proposal").first.click()
    save(page, "Tell the client", decision="accept")
    expect(page.locator("#remedy")).to_contain_text("Accepted")
    expect(page.locator("#remedy")).to_contain_text("€180.00")
    open_step(page, "X plus something")
    form = form_with(page, "Save what the client gets")
    expect(form.locator("[name=plus_cost]")).to_have_value("90.00")
    save(
        page, "Save what the client gets", base="Credit of 180", base_cost="180",
        plus="A temperature logger in every box", credit="0", voluntary=True,
    )  # fmt: skip
    expect(page.locator("#make-good")).to_contain_text("nobody asked for it")
    take(page, "Make-good delivered", "It is delivered")
    expect(page.locator("#make-good")).to_contain_text("Delivered")
    take(page, "Delivered what we agreed to", "It is delivered")
    expect(page.locator("#remedy")).to_contain_text("Delivered")


def be_refused(page):
    """What is missing is named, and nothing happens."""
    wanted = {"wanted_3": "yes", "wanted_8": "yes"}
    given = {f"done_{number}": True for number in (2, 3, 6)}
    how = {f"evidence_{number}": "Said by phone" for number in (2, 3, 6)}
    take(page, "What the client wants", "Save the eight wants", **wanted, **given, **how)

    page.goto(f"{page.url.partition('#')[0]}resolve/")
    send(
        page, "Tell the client and resolve", resolution_type="credit",
        resolution="You have fresh vaccines and your credit.",
    )  # fmt: skip
    expect(page.locator(".form .callout")).to_contain_text("Plan what stops it")
    expect(page.locator(".form .callout")).to_contain_text("That it will not happen again")
    page.go_back()


def prevent(page):
    take(
        page, "Prevention", "Save the prevention",
        text="Each cold box is checked at six in the evening.", due_date="2026-03-13",
    )  # fmt: skip
    take(page, "Tell the client what we change", "Tell the client")
    expect(page.locator("#road")).to_contain_text("Nothing is missing")


def resolve(page):
    open_step(page, "Resolve")
    save(
        page, "Tell the client and resolve", resolution_type="credit",
        resolution="We are sorry. You have fresh vaccines and your credit.",
    )  # fmt: skip
    expect(page.locator(".next-step")).to_contain_text("Call the client: is it really fixed?")
    expect(page.locator(".next-step")).to_contain_text("4 Mar")


def call(visit, daria):
    page = visit(reverse("complaints:callbacks"), daria)
    expect(page.locator(".call-heading")).to_have_text(["Today"])
    press(page, "Satisfied")
    expect(page.get_by_text("The call is recorded.")).to_be_visible()


def look_back(visit, complaint, daria):
    page = visit(reverse("complaints:reviews"), daria)
    expect(page.get_by_text(complaint.no)).to_be_visible()
    assert CaseReview.objects.get().due_at == datetime(2026, 3, 9, 16, tzinfo=UTC)

    page = visit(reverse("desk:my_day"), daria)
    page.get_by_role("link", name="Tell", exact=True).click()
    save(page, "Tell it", what_changed="Each cold box is checked in the evening.")
    page = visit(reverse("complaints:lessons", query={"kind": "stories"}))
    expect(page.get_by_text("Each cold box is checked in the evening.")).to_be_visible()


def test_j2_a_contract_is_signed_and_a_failure_put_right(
    page, browser, live_server, ostrov, people, portal, tick, clock, visit
):
    daria, lea, petar = (people[role] for role in ("am", "sa", "te"))
    sign_contract(visit, ostrov, daria)
    complaint = post_twice(portal("complaints:read", "complaints:write"), ostrov)
    triage(visit, complaint, lea, petar, daria)
    find_fault(visit, complaint, petar, daria, clock.at)
    answer(page)
    tell_own_mistake(page)
    ask(page, browser, live_server, complaint)
    agree(page)
    be_refused(page)
    prevent(page)
    resolve(page)
    tick(days=2)
    call(visit, daria)
    complaint.refresh_from_db()
    assert complaint.state == "closed"
    look_back(visit, complaint, daria)


@pytest.fixture
def sirin(manager, now):
    """Sirin Hotels with the four people of E2.1 and twelve complaints of the past."""
    account = AccountFactory(name="Sirin Hotels", owner=manager, language="ru")
    for told in example("E2.1")[0]["contacts"]:
        person = ContactFactory(
            account=account, name=told["name"], influence=told["influence"], roles=[told["role"]]
        )
        AttitudeReadingFactory(contact=person, value=told["attitude"], at=now - timedelta(days=10))
        accounts.log_touch(
            actor=manager, account=account, summary="Talked", contacts=[person],
            at=now - timedelta(days=told["days_since_touch"]), fields={}, now=now,
        )  # fmt: skip
    complained_before(account, now)
    return account


def complained_before(account, now):
    """Eight complaints under pressure, half of them justified, and four justified without.

    Two of them, over trifles, are of the last 90 days.
    """
    for number in range(12):
        is_recent = number < 2
        complaint = ComplaintFactory(
            no=f"CMP-2025-{number:05}", account=account, received_at=now - timedelta(days=30 if is_recent else 120),
            first_known_at=now - timedelta(days=120), priority="p2" if number == 0 else "p3",
            trivial=is_recent, trivial_reason="A scratch" if is_recent else "",
        )  # fmt: skip
        is_pressed = number < 8
        if is_pressed:
            Pressure.objects.create(
                complaint=complaint, tactics=["discount_or_leave"], noted_by=account.owner
            )
        is_right = not is_pressed or number % 2
        Finding.objects.create(complaint=complaint, justified="yes" if is_right else "no")


def name_ultimatum(visit, sirin, lea, stefan, now):
    """The client presses: an urgent meeting comes of it, and the priority stays."""
    contact = sirin.contacts.get(name__startswith="Pavel")
    words = "Answer by noon tomorrow or we leave."
    intake = Intake(client_words=words, impact=3, urgency=2, contact=contact)
    complaint = services.log_complaint(actor=lea, account=sirin, intake=intake, now=now)
    page = visit(case_url(complaint), stefan)
    expect(page.locator(".page-head")).to_contain_text("P3")
    expect(page.locator("aside")).to_contain_text("77.70")
    open_step(page, "Pressure tactics")
    form = form_with(page, "Note the tactics")
    form.get_by_role("checkbox", name=str(Pressure.Tactic.ULTIMATUM.label)).check()
    save(page, "Note the tactics", words=words)
    expect(page.locator("#pressure")).to_contain_text(words)
    expect(page.locator(".page-head")).to_contain_text("P3")


def meet(visit, sirin, stefan):
    """The formal part, then lunch with Irina, who says what is really going on."""
    task = Task.objects.get(kind="urgent_meeting")
    page = visit(reverse("accounts:task", args=[task.pk]), stefan)
    open_step(page, "Do it")
    expect(page.locator("aside")).to_contain_text("Irina, head of operations")
    expect(page.locator("aside")).to_contain_text("77.70")
    save(page, "Log the talk", summary="Agenda, the figures of February, what we change.")
    expect(page.get_by_text("The talk is logged.")).to_be_visible()

    open_step(page, "Do it")
    expect(page.get_by_role("checkbox", name="Irina")).to_be_checked()
    save(
        page, "Log the talk", client_said="The new owner wants cheaper suppliers by summer.",
        summary="Lunch.", informal_kind="lunch", hospitality_value="35.00",
    )  # fmt: skip
    expect(page.get_by_text("The talk is logged.")).to_be_visible()
    task.refresh_from_db()
    assert task.state == "done"
    lunch = Touch.objects.get(kind="informal_meeting")
    assert (lunch.hospitality_value, lunch.informal_kind) == (35, "lunch")
    page = visit(reverse("accounts:touch", args=[lunch.pk]))
    expect(page.get_by_text("The new owner wants cheaper suppliers")).to_be_visible()
    expect(page.get_by_text("€35.00")).to_be_visible()


def judge_a_trifle(visit, sirin, lea, stefan, now):
    """That it is a trifle changes nothing of how fast we act."""
    intake = Intake(client_words="The cable is grey, not black.", impact=3, urgency=3)
    complaint = services.log_complaint(actor=lea, account=sirin, intake=intake, now=now)
    page = visit(case_url(complaint), lea)
    before = complaint.next_due_at
    take(
        page, "Triage", "Save the triage", category="quality", assignee=str(lea.pk),
        lead=str(stefan.pk), trivial_reason="Only the colour",
    )  # fmt: skip
    expect(page.locator(".page-head")).to_contain_text("P3")
    complaint.refresh_from_db()
    assert (complaint.trivial, complaint.priority, complaint.next_due_at) == (True, "p3", before)


def talk_about_sla(visit, sirin, vera, stefan):
    """From the alarm to the prefilled draft, through the talks, to both signatures."""
    watch()
    page = visit(reverse("accounts:detail", args=[sirin.pk]), stefan)
    alarm = "No SLA, and in 90 days 4 complaints, 1 of P1 or P2, 3 over trifles"
    expect(page.locator("#attention")).to_contain_text(alarm)
    page.locator("#attention").get_by_role("link", name="No SLA").click()
    open_step(page, "Open the prefilled draft")
    expect(page.get_by_text("filled in from the client’s history")).to_be_visible()
    press(page, "Save the draft")
    expect(page.locator(".page-head")).to_contain_text("Draft")
    take(page, "Send to the client", "Send to the client")
    take(
        page, "The client wants changes", "The client wants changes", note="Answers by eight too."
    )  # fmt: skip
    expect(page.locator(".page-head")).to_contain_text("In negotiation")
    take(page, "The client agrees", "The client agrees")
    take(
        page, "The client signed", "The client signed", signed_by="Elena, COO",
        signed_on="2026-03-02",
    )  # fmt: skip
    page = visit(reverse("sla:detail", args=[Contract.objects.get().pk]), vera)
    take(page, "Sign for us", "Sign for us", signed_on="2026-03-02")
    expect(page.locator(".page-head")).to_contain_text("In force")
    watch()
    assert not Alert.objects.standing().filter(kind="no_sla").exists()
    page = visit(reverse("accounts:detail", args=[sirin.pk]), stefan)
    expect(page.locator("#service-levels")).to_contain_text(Contract.objects.get().no)
    expect(page.locator("#attention")).not_to_contain_text("No SLA")


def read_pressure(visit, sirin, stefan):
    page = visit(reverse("complaints:pressure", args=[sirin.pk]), stefan)
    expect(page.locator(".stats")).to_contain_text(re.compile(r"64\.29.%.*9.*14"))
    expect(page.locator(".stats")).to_contain_text(re.compile(r"57\.14.%.*8.*14"))
    expect(page.locator(".stats")).to_contain_text(re.compile(r"44\.44.%.*4.*9"))


def test_j3_under_pressure_we_meet_and_agree_on_a_contract(page, sirin, people, clock, visit):
    stefan, lea, vera = (people[role] for role in ("am", "sa", "hk"))
    name_ultimatum(visit, sirin, lea, stefan, clock.at)
    meet(visit, sirin, stefan)
    judge_a_trifle(visit, sirin, lea, stefan, clock.at)
    talk_about_sla(visit, sirin, vera, stefan)
    read_pressure(visit, sirin, stefan)


ITEM, BATCH = "Power adapter", "PA-12/25"


@pytest.fixture
def holders(manager):
    """Four accounts hold the batch, and a fifth through one of them."""
    held = {}
    for name in ("Borea Retail", "Halden Foods", "Kobza Media", "Aster Schools", "Lipa Bakery"):
        held[name] = AccountFactory(name=name, owner=manager)
        ContactFactory(account=held[name], name=f"Head of {name}")
    for name, account in held.items():
        reseller = held["Halden Foods"] if name == "Lipa Bakery" else None
        HoldingFactory(item=ITEM, batch=BATCH, account=account, reseller=reseller)
    return held


def find_danger(visit, holders, lea, petar, now):
    """One adapter burnt: the technician's finding opens the problem."""
    intake = Intake(client_words="The adapter glowed.", impact=1, urgency=1, safety=True)
    borea = holders["Borea Retail"]
    complaint = services.log_complaint(actor=lea, account=borea, intake=intake, now=now)
    services.triage(
        actor=lea, complaint=complaint, impact=1, urgency=1, category="safety", safety=True,
        assignee=petar, lead=borea.owner, now=now,
    )  # fmt: skip
    page = visit(case_url(complaint), petar)
    take(
        page, "Findings", "Save the findings", root_cause="defect", item=ITEM, batch=BATCH,
        cause_text="The insulation melts.",
    )  # fmt: skip
    open_step(page, Problem.objects.get().no)
    expect(page.locator("aside")).to_contain_text("5 accounts")
    expect(page.locator("aside")).to_contain_text("Lipa Bakery through Halden Foods")
    return page


def write_notice(page, contact):
    """Words that make the danger small keep it from being approved until they are gone."""
    open_step(page, "Warn all who hold it")
    expect(page.locator("#exposure")).to_contain_text("5 recipients")
    save(
        page, "Save the draft", deadline="2026-04-10", contact=str(contact.pk),
        what_en="The adapter PA-12/25 can overheat.",
        risk_en="It can burn whoever touches it and start a fire.",
        action_en="As a precaution, stop using the adapter and unplug it today.",
        remedy_en="We replace it free of charge.",
    )  # fmt: skip
    told = page.locator(".notice-faults")
    expect(told).to_contain_text("Leave out what makes the danger look smaller: “As a precaution”.")
    here = page.url
    open_step(page, "Edit")
    save(page, "Save", action_en="Stop using the adapter and unplug it today.")
    expect(page.get_by_text("no danger is made small")).to_be_visible()
    return here


def approve_and_send(visit, path, vera, ivan, tick):
    for boss in (vera, ivan):
        page = visit(path, boss)
        take(page, "Read and approve", "I approve it")
        expect(page.locator("aside")).to_contain_text(boss.name)
    page = visit(path, vera)
    take(page, "Send to all", "Send it now")
    tick(minutes=1)
    deliver_mail()
    tick(minutes=10)
    assert set(Recipient.objects.values_list("state", flat=True)) == {"delivered"}


def confirm_by_link(browser, live_server):
    """Three of the five open the link of their letter, without signing in."""
    letters = OutgoingMail.objects.filter(subject__startswith="[NTC").order_by("id")
    assert letters.count() == 5
    for letter in letters[:3]:
        reader = browser.new_context().new_page()
        reader.goto(live_server.url + re.search(r"/n/[\w-]{43}/", letter.body)[0])
        expect(reader.get_by_text("Stop using the adapter")).to_be_visible()
        press(reader, "I have read this")
        expect(reader.get_by_text("Thank you for telling us.")).to_be_visible()
        reader.context.close()


def ring_the_silent(visit, path, vera, daria):
    """Two have said nothing for two business days: they are rung up, and the notice ends."""
    assert Task.objects.open().filter(kind="notice_call", assignee=daria).count() == 2
    page = visit(path, daria)
    expect(page.locator("#progress")).to_contain_text("60.00 %")
    page.goto(f"{page.url}calls/")
    for left in (2, 1):
        expect(page.locator("[data-row]")).to_have_count(left)
        press(page, "Reached: has heard it")
    expect(page.get_by_text("Nobody is to be called.")).to_be_visible()
    assert not Task.objects.open().filter(kind="notice_call").exists()

    page = visit(path, vera)
    expect(page.locator("#progress")).to_contain_text("100.00 %")
    take(page, "Close", "Close it")
    expect(page.locator(".notice-badges")).to_contain_text("Closed")


def heard(receiver, secret):
    """Let the events go out; return the types of those whose signature holds."""
    deliver_webhooks()
    told = []
    for got in receiver.got:
        with time_machine.travel(int(got.headers["webhook-timestamp"]), tick=False):
            told.append(Webhook(secret).verify(got.body, got.headers)["type"])
    return told


def test_j8_everybody_who_holds_the_batch_hears_of_the_danger(
    browser, live_server, holders, people, receiver, settings, tick, clock, visit
):
    daria, lea, petar, vera, ivan, admin = (
        people[role] for role in ("am", "sa", "te", "hk", "ex", "ad")
    )
    webhook = add_webhook(
        actor=admin, url=receiver.url(), description="", owner=None, now=clock.at,
        events=["notice.sent", "notice.acknowledged", "complaint.created"],
    )  # fmt: skip
    secret = webhook.new_secret
    page = find_danger(visit, holders, lea, petar, clock.at)
    here = write_notice(page, daria).removeprefix(live_server.url)
    approve_and_send(visit, here, vera, ivan, tick)
    assert heard(receiver, secret) == ["complaint.created", "notice.sent"]
    confirm_by_link(browser, live_server)
    tick(days=2)
    ring_the_silent(visit, here, vera, daria)
    assert heard(receiver, secret) == [
        "complaint.created", "notice.sent", *["notice.acknowledged"] * 5,
    ]  # fmt: skip
