"""A complaint full of words that are not for clients, and everything that a client can read."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models.account import ClientLimit
from complaints import services
from complaints.files import keep_file
from complaints.models import (
    CaseReview,
    Complaint,
    ComplaintImport,
    InboundMail,
    Mailbox,
)
from complaints.services import Intake, WantInput
from complaints.views import street
from core.operations import SYSTEM
from core.services.token import create_token
from core.services.webhook import add_webhook
from core.timers import run_due
from tests.complaints.notices import draft_of, hold
from tests.complaints.outputs import OUTPUTS, sent_letters
from tests.complaints.planted import Garden, fill, unplanted
from tests.complaints.recovery import make_ready
from tests.factories import AccountFactory, ContactFactory, ContractFactory, UserFactory


@pytest.fixture(autouse=True)
def no_haste(monkeypatch, settings):
    """Ask faster than anybody may: what is told is looked at here, not how often."""
    settings.API_RATE_PER_MINUTE = 10**6
    for limit in ("MOST_FROM_ADDRESS", "MOST_BY_LINK", "MOST_SENT"):
        monkeypatch.setattr(street, limit, 10**6)


@pytest.fixture
def garden():
    return Garden()


@pytest.fixture
def world(garden, account, contact, people, clock, uploads, settings):
    """The people and accounts of the story; `program` reads complaints, `unscoped` the rest."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    account.annual_margin = garden.amount("yearly margin")
    account.save()
    ContractFactory(account=account)
    ClientLimit.objects.create(user=people["api"], account=account)

    def program(*scopes):
        _token, key = create_token(
            actor=people["api"], user=people["api"], name="Portal", scopes=scopes,
            expires_at=None, now=clock.at,
        )  # fmt: skip
        return APIClient(HTTP_AUTHORIZATION=f"Bearer {key}")

    for owner in (people["api"], None):
        add_webhook(
            actor=people["ad"], url=f"https://hooks.example/{owner}", description="", events=(),
            owner=owner, now=clock.at,
        )  # fmt: skip
    return SimpleNamespace(
        garden=garden, account=account, contact=contact, clock=clock, is_over=False,
        manager=people["am"], agent=people["sa"], head=people["hk"], technician=people["te"],
        executive=people["ex"],
        named=UserFactory(name=garden.word("the colleague named in the cause"), roles=["te"]),
        about=UserFactory(name=garden.word("the colleague complained of")),
        program=program("complaints:read"),
        unscoped=program("accounts:read", "sla:read", "webhooks:read"),
    )  # fmt: skip


def story(world):
    """Tell what can happen to a complaint, planting as it goes; yields where to look."""
    told = _told_by(world)
    complaint = told.log()
    yield "logged"
    told.judge(complaint)
    yield "judged"
    told.talk(complaint)
    yield "talked about"
    told.wait_for_a_supplier(complaint)
    yield "waiting for a supplier"
    told.find_out(complaint)
    yield "found out"
    told.ask(complaint)
    yield "asked"
    told.counter(complaint)
    yield "countered"
    told.deliver(complaint)
    yield "delivered"
    told.promise_more(complaint)
    yield "more was planned"
    told.resolve(complaint)
    yield "resolved"
    told.call(complaint)
    yield "closed"
    told.learn(complaint)
    yield "learned from"
    told.reopen(complaint)
    yield "reopened"
    told.merge_others(complaint)
    yield "merged"
    told.warn_everybody()
    yield "warned"


class _told_by:  # noqa: N801 -- reads as a phrase where it is used
    def __init__(self, world):
        self.world = world
        self.word = world.garden.word
        self.amount = world.garden.amount

    @property
    def now(self):
        return self.world.clock.forward(minutes=7)

    def log(self):
        word = self.word
        intake = Intake(
            client_words="The till prints no receipts.", impact=2, urgency=2, title="Dead till",
            contact=self.world.contact, reason=word("why it was logged late"),
            received_at=self.now, disputed_value=self.amount("disputed value"),
            about=self.world.about,
        )  # fmt: skip
        return services.log_complaint(
            actor=self.world.agent, account=self.world.account, intake=intake,
            now=self.world.clock.forward(hours=1),
        )  # fmt: skip

    def judge(self, complaint):
        world = self.world
        services.triage(
            actor=world.agent, complaint=complaint, impact=2, urgency=2, category="quality",
            safety=False, assignee=world.technician, lead=world.manager, now=self.now,
            trivial_reason=self.word("trivial reason"), root_cause="workmanship",
        )  # fmt: skip
        services.lower_priority(
            actor=world.head, complaint=complaint, impact=3, urgency=2,
            reason=self.word("why the priority is lower"), now=self.now,
        )  # fmt: skip
        services.name_tactics(
            actor=world.manager, complaint=complaint, tactics=["discount_or_leave"],
            words=self.word("words of pressure"), now=self.now,
        )  # fmt: skip

    def talk(self, complaint):
        world, on = self.world, {"complaint": complaint}
        services.reply(actor=world.manager, body="We are on our way.", now=self.now, **on)
        services.add_note(actor=world.agent, body=self.word("note"), now=self.now, **on)
        services.ask_opinion(
            actor=world.manager, colleague=world.agent, body=self.word("opinion"), now=self.now,
            **on,
        )  # fmt: skip
        services.log_call(
            actor=world.manager, body=self.word("what we noted of a call"), sentiment=-2,
            now=self.now, **on,
        )  # fmt: skip
        services.confirm_understanding(
            actor=world.manager, summary=self.word("summary of what he said"), now=self.now, **on
        )
        services.apologise(
            actor=world.manager, form="regret", text=self.word("apology by phone"),
            channel="phone", now=self.now, **on,
        )  # fmt: skip
        ours = SimpleUploadedFile(f"{self.word('name of our file')}.pdf", b"%PDF-1.7 ours")
        keep_file(complaint, ours, by=world.agent, at=self.now)
        locked = SimpleUploadedFile(f"{self.word('locked file')}.pdf", b"%PDF-1.7 health")
        kept = keep_file(complaint, locked, by=None, at=self.now)
        kept.is_restricted = True
        kept.save()

    def wait_for_a_supplier(self, complaint):
        services.wait(
            actor=self.world.manager, complaint=complaint, waiting_for="supplier",
            body=self.word("the supplier's case as noted"), now=self.now,
        )  # fmt: skip

    def find_out(self, complaint):
        world, word = self.world, self.word
        supplier = services.add_supplier(
            actor=world.head, name=word("supplier"), aliases=[word("alias of the supplier")],
            notes=word("notes on the supplier"), now=self.now,
        )  # fmt: skip
        services.resume(actor=world.manager, complaint=complaint, now=self.now)
        services.let_stand(
            actor=world.head, complaint=complaint, reason=word("why it may stand"), now=self.now
        )
        services.record_findings(
            actor=world.manager, complaint=complaint, root_cause="workmanship",
            cause_text=word("cause"), whys=[word("first why"), word("second why")],
            fault="shared", our_share=Decimal("37.59"), justified="partly", named=world.named,
            supplier=supplier, supplier_case=word("number of the supplier's case"),
            recourse=self.amount("recourse"), staff_hours=self.amount("staff hours", 7),
            item="Till", batch="T-7", now=self.now,
        )  # fmt: skip
        world.garden.amounts["our share"] = Decimal("37.59")
        services.disclose(
            actor=world.manager, complaint=complaint, body="We made a mistake.", channel="email",
            now=self.now,
        )  # fmt: skip
        wants = {
            number: WantInput("yes", done=True, evidence=word(f"evidence of want {number}"))
            for number in range(1, 9)
        }
        services.set_wants(actor=world.manager, complaint=complaint, wants=wants, now=self.now)

    def ask(self, complaint):
        on = {"complaint": complaint}
        services.note_failed_ask(
            actor=self.world.manager, note=self.word("failed attempt to ask"), now=self.now, **on
        )
        services.ask_client(
            actor=self.world.manager, note=self.word("how the question went"), now=self.now, **on
        )

    def counter(self, complaint):
        on = {"complaint": complaint}
        sums = self.world.garden.amounts
        sums["rate of the remedy"] = Decimal("1.73190237")
        remedy = services.record_remedy(
            actor=SYSTEM, client_text="A new till.", estimated_cost=self.amount("foreign cost"),
            currency="USD", rate=sums["rate of the remedy"], now=self.now, **on,
        )  # fmt: skip
        sums["cost of the remedy"] = remedy.estimated_cost
        services.judge_remedy(
            actor=self.world.technician, feasible="no", how=self.word("why we cannot"),
            now=self.now, **on,
        )  # fmt: skip
        services.decide_remedy(
            actor=self.world.manager, decision="counter", now=self.now,
            reason="We repair it within a day.", counter_text="A spare till for a week.", **on,
        )  # fmt: skip

    def deliver(self, complaint):
        on = {"complaint": complaint}
        services.answer_remedy(actor=SYSTEM, answer="accept", words="Fine.", now=self.now, **on)
        services.deliver_remedy(actor=self.world.manager, now=self.now, **on)
        services.confirm_remedy(actor=SYSTEM, now=self.now, **on)

    def promise_more(self, complaint):
        world, word = self.world, self.word
        make_good = services.offer_make_good(
            actor=world.head, complaint=complaint, base=word("make-good planned"),
            base_cost=self.amount("cost of the make-good"), plus=word("plus planned"),
            plus_cost=self.amount("cost of the plus", 6), credit=self.amount("credit"),
            now=self.now,
        )  # fmt: skip
        world.garden.amounts["suggested plus"] = make_good.suggested
        services.plan_prevention(
            actor=world.manager, complaint=complaint, text=word("prevention as planned"),
            owner=world.named, due_date=date(2026, 5, 1), now=self.now,
        )  # fmt: skip
        services.tell_prevention(
            actor=world.manager, complaint=complaint, body="Each till is tested from now on.",
            channel="email", now=self.now,
        )  # fmt: skip

    def resolve(self, complaint):
        make_ready(complaint, self.world.manager, self.now)
        services.resolve_complaint(
            actor=self.world.manager, complaint=complaint, resolution_type="fixed",
            resolution="We replaced the cutter and tested it.", now=self.now,
        )  # fmt: skip

    def call(self, complaint):
        for outcome in ("no_answer", "satisfied"):
            services.record_callback(
                actor=self.world.agent, complaint=complaint, outcome=outcome,
                note=self.word(f"note of a call: {outcome}"), now=self.now,
            )  # fmt: skip

    def learn(self, complaint):
        world, word = self.world, self.word
        review = CaseReview.objects.filter(complaint=complaint).first()
        if review is None:
            review = CaseReview.objects.create(
                complaint=complaint, author=world.manager, due_at=self.now
            )
        answers = {each: word(f"review: {each}") for each in CaseReview.QUESTIONS}
        services.write_review(
            actor=world.manager, review=review, answers=answers, lesson=word("lesson"),
            process_change=word("process change"), now=self.now,
        )  # fmt: skip
        services.tell_story(
            actor=world.manager, complaint=complaint, title=word("story"),
            what_happened=word("what happened"), what_we_did=word("what we did"),
            what_changed=word("what changed"), scope="internal", now=self.now,
        )  # fmt: skip
        problem = services.open_problem(
            actor=world.head, root_cause="workmanship", item="Till", batch="T-7",
            description=word("problem"), owner=world.head, now=self.now,
        )  # fmt: skip
        services.decide_no_notice(
            actor=world.head, problem=problem, reason=word("why nobody is warned"), now=self.now
        )
        services.solve_problem(
            actor=world.head, problem=problem, change=word("what we change"), now=self.now
        )

    def reopen(self, complaint):
        services.reopen(
            actor=self.world.agent, complaint=complaint, reason=self.word("why it was reopened"),
            now=self.now,
        )  # fmt: skip
        for verb, told in (
            (services.revoke_client_link, {"reason": self.word("why the link was withdrawn")}),
            (services.renew_client_link, {}),
        ):
            verb(actor=self.world.manager, complaint=complaint, now=self.now, **told)

    def merge_others(self, complaint):
        world, word = self.world, self.word
        colleague = ContactFactory(
            account=world.account, name="Boyan Petrov",
            emails=[f"colleague@{'client.example'}"],
        )  # fmt: skip
        same = self._another(world.account, colleague, "Our till is dead as well.")
        services.merge(actor=world.agent, complaint=same, into=complaint, now=self.now)
        stranger = AccountFactory(name=word("another client"), owner=world.manager)
        wanted = self._another(stranger, None, word("words of another client"))
        services.convert(
            actor=world.agent, complaint=wanted, reason=word("why it is a request"),
            assignee=world.agent, due_at=world.clock.at.replace(year=2027), now=self.now,
        )  # fmt: skip

    def _another(self, account, contact, words):
        intake = Intake(client_words=words, impact=3, urgency=3, contact=contact)
        return services.log_complaint(
            actor=self.world.agent, account=account, intake=intake, now=self.now
        )

    def warn_everybody(self):
        world, word = self.world, self.word
        hold(world.account, quantity=3)
        hold(AccountFactory(name=word("another holder")))
        draft = draft_of(world.manager, kind="quality", texts=_texts(), partner_text="")
        notice = services.draft_notice(actor=world.technician, draft=draft, now=self.now)
        services.approve_notice(actor=world.head, notice=notice, now=self.now)
        services.send_notice(actor=world.head, notice=notice, now=self.now)
        run_due(self.now)


def _texts():
    blocks = draft_of(None).texts["en"]
    return dict.fromkeys(("en", "ru", "uk", "bg"), blocks)


def plant_the_rest(world):
    """Add what no step of the story makes, and fill every internal field that is still empty."""
    mailbox = Mailbox.objects.create(
        name="help@kamerton.test/INBOX", failing_since=world.clock.at,
        last_error=world.garden.word("Mailbox.last_error"),
    )  # fmt: skip
    InboundMail.objects.create(
        mailbox=mailbox, uidvalidity=1, uid=1, size=1, at=world.clock.at,
        received_at=world.clock.at, outcome="failed",
        why=world.garden.word("InboundMail.why"),
    )  # fmt: skip
    ComplaintImport.objects.create(
        name="old.csv", by=world.head, at=world.clock.at, good=0,
        content=world.garden.word("ComplaintImport.content"),
    )  # fmt: skip
    fill(world.garden)


def leaks(world):
    """Return {where: what was given away} of all outputs."""
    found = {}
    for name, output in OUTPUTS.items():
        texts = list(output(world))
        assert texts or not world.is_over, f"{name} told nothing at all"
        for where, text in texts:
            if given := world.garden.found_in(text):
                found[f"{name}: {where}"] = given
    return found


def test_no_client_ever_reads_what_is_internal(world, mailoutbox):
    given_away = {}
    for stage in story(world):
        for where, what in leaks(world).items():
            given_away[f"{stage}: {where}"] = what
    world.is_over = True
    plant_the_rest(world)
    given_away |= leaks(world)
    for where, text in sent_letters(world, mailoutbox):
        if given := world.garden.found_in(text):
            given_away[where] = given

    assert given_away == {}
    assert unplanted(world.garden) == []
    assert len(world.garden.words) > 80


def test_the_search_finds_what_is_given_away(world):
    for _stage in story(world):
        pass
    complaint = Complaint.objects.order_by("id").first()
    complaint.messages.filter(kind="note").update(kind="acknowledgement")

    places = {where.partition(":")[0] for where in leaks(world)}

    assert places == {"page by link", "REST for a program"}
