import pytest

from complaints import services
from complaints.services import Intake
from tests.complaints.recovery import make_ready
from tests.factories import AccountFactory, ContactFactory


@pytest.fixture
def account(manager):
    return AccountFactory(name="Lipa Bakery", owner=manager)


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Rada Lipova", language="bg")


@pytest.fixture
def log(agent, account, contact, now):
    """Return a function that logs a complaint; P2 at noon unless told otherwise."""

    def log_one(**given):
        at = given.pop("at", now)
        on = given.pop("account", account)
        words = {"client_words": "The till prints no receipts.", "impact": 2, "urgency": 2}
        who = {"contact": contact} if on == account else {}
        intake = Intake(**{**words, **who, **given})
        return services.log_complaint(actor=agent, account=on, intake=intake, now=at)

    return log_one


@pytest.fixture
def complaint(log):
    return log()


@pytest.fixture
def in_progress(complaint, agent, manager, now):
    """The complaint, triaged and answered an hour after it came."""
    services.triage(
        actor=agent, complaint=complaint, impact=2, urgency=2, category="quality", safety=False,
        assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    services.reply(actor=agent, complaint=complaint, body="We are on our way.", now=now)
    return complaint


@pytest.fixture
def ready(in_progress, manager, now):
    """The complaint, with nothing missing that it takes to resolve it."""
    return make_ready(in_progress, manager, now)


@pytest.fixture
def resolved(ready, manager, now):
    """The complaint, resolved; a call is owed two business days later at 18:00."""
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed",
        resolution="We replaced the cutter.", now=now,
    )  # fmt: skip
    return ready


@pytest.fixture
def program(portal):
    """A program with a token for everything about complaints."""
    return portal("complaints:read", "complaints:write")


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
