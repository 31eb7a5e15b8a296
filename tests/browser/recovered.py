"""One of each thing that the recovery of a client leaves behind, for the pages that show it."""

from dataclasses import replace
from decimal import Decimal

from accounts.models import Task
from complaints import services
from complaints.models import CaseReview, Complaint, InboundMail, Mailbox, Problem, Recipient, Story
from complaints.notice_links import token_of
from complaints.services import Intake, WantInput
from core.services.webhook import add_webhook
from core.timers import run_due
from core.webhooks.outbox import trial_delivery
from tests.complaints.aftercare import close, live_through
from tests.complaints.client import way_in
from tests.complaints.notices import ENGLISH, draft_of, hold
from tests.complaints.notices import client as holder
from tests.complaints.recovery import make_ready
from tests.factories import UserFactory

BLAME = "It is the courier's fault, please contact the carrier directly."
HEADING = "number,account,received,words,resolution,resolved"


def recovery_world(account, contact, head, executive, now):
    """Return what addresses name, by the word that stands for it in them."""
    case = put_right(account, contact, head, now)
    return {
        "case": case.pk, "client_page": way_in(case),
        "meeting": Task.objects.get(kind="urgent_meeting", account=account).pk,
        "supplier": services.add_supplier(actor=head, name="Speedy", aliases=["Спиди"], now=now).pk,
        "mailbox": mailbox(now).pk, "webhook": webhook(head, now).pk,
        "import": services.check_import(
            actor=head, name="old.csv", now=now,
            text=f"{HEADING}\nOLD-1,Nobody,yesterday,The till is dark.,,\n",
        ).pk,
        **aftermath(account, contact, head, now), **warned(head, executive, now),
    }  # fmt: skip


def log(account, contact, head, now, **given):
    told = {"client_words": "The till is dark.", "impact": 2, "urgency": 2, "contact": contact}
    return services.log_complaint(
        actor=head, account=account, intake=Intake(**(told | given)), now=now
    )


def put_right(account, contact, head, now):
    """A case in which everything has begun and nothing is finished."""
    case = log(
        account, contact, head, now, item="Power adapter", batch="PA-12/25",
        disputed_value=Decimal(1800),
    )  # fmt: skip
    about = {"actor": head, "complaint": case, "now": now}
    services.triage(
        **about, impact=2, urgency=2, category="safety", safety=True, assignee=head, lead=head,
        root_cause="defect",
    )  # fmt: skip
    services.reply(**about, body=BLAME, override_reason="He asked for the number.")
    services.record_findings(
        **about, root_cause="defect", cause_text="The insulation melts.", fault="shared",
        our_share=Decimal(60), justified="partly", whys=["It is too thin.", "It was cheaper."],
        recourse=Decimal(310), staff_hours=Decimal("4.5"), item="Power adapter", batch="PA-12/25",
    )  # fmt: skip
    services.apologise(**about, form="regret", text="We are sorry.", channel="phone")
    services.ask_client(**about)
    services.record_remedy(
        **about, client_text="A credit of 180.", estimated_cost=Decimal(200), currency="USD",
        rate=Decimal("0.9"),
    )  # fmt: skip
    services.offer_make_good(
        **about, base="Credit", base_cost=Decimal(180), plus="A spare adapter",
        plus_cost=Decimal(25), credit=Decimal(0), voluntary=True,
    )  # fmt: skip
    services.plan_prevention(**about, text="Each is tested.", owner=head, due_date=now.date())
    services.set_wants(**about, wants={2: WantInput("yes", done=True, evidence="By phone")})
    services.name_tactics(**about, tactics=["ultimatum", "free_extras"], words="By noon!")
    return case


def aftermath(account, contact, head, now):
    """A call that is owed, one review to be written, and a case that others can learn from."""
    owed = log(account, contact, head, now, client_words="The drawer jams.")
    Complaint.objects.filter(pk=owed.pk).update(state="in_progress")
    owed.refresh_from_db()
    make_ready(owed, head, now)
    services.resolve_complaint(
        actor=head, complaint=owed, resolution_type="fixed", resolution="Done.", now=now
    )
    unwritten = close(log(account, contact, head, now), head, now, state="in_progress")
    told = live_through(log(account, contact, head, now), head, now)
    return {
        "owed": owed.pk, "unwritten": CaseReview.objects.get(complaint=unwritten).pk,
        "review": CaseReview.objects.get(complaint=told).pk, "told": told.pk,
        "story": Story.objects.get().pk, "problem": Problem.objects.get().pk,
    }  # fmt: skip


def warned(head, executive, now):
    """A notice that is being followed, and a draft with words that make the danger small."""
    hold(holder("Borea"), reseller=holder("Halden"))
    hold(None, holder_name="Boris", holder_phone="+359 88 1")
    technician = UserFactory(name="Petar Ganev", roles=["te"])
    sent = services.draft_notice(actor=technician, draft=draft_of(head), now=now)
    services.approve_notice(actor=head, notice=sent, now=now)
    services.approve_notice(actor=executive, notice=sent, now=now)
    services.send_notice(actor=head, notice=sent, now=now)
    run_due(now)
    small = {"en": replace(ENGLISH, risk="It is a rare event.")}
    draft = services.draft_notice(actor=head, draft=draft_of(head, texts=small), now=now)
    recipient = Recipient.objects.exclude(sent_at=None).get()
    return {
        "sent": sent.pk, "draft": draft.pk, "recipient": recipient.pk,
        "recipient_page": f"/n/{token_of(recipient.pk)}/",
    }  # fmt: skip


def mailbox(now):
    box = Mailbox.objects.create(
        name="care@mail.example/INBOX", checked_at=now, failing_since=now, last_error="No answer."
    )
    InboundMail.objects.create(
        mailbox=box, uid=1, uidvalidity=1, digest="0" * 64, outcome="ignored", why="auto_reply",
        subject="Out of office", sender="rada@client.example", size=900, received_at=now, at=now,
    )  # fmt: skip
    return box


def webhook(head, now):
    endpoint = add_webhook(
        actor=head, url="https://hooks.example/in", description="ERP", events=[], owner=None,
        now=now,
    )  # fmt: skip
    trial_delivery(endpoint, now).save()
    return endpoint
