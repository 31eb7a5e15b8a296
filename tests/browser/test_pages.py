"""Every page of the main job: nothing for axe to find, nothing wider than a phone, no script error."""

import pytest

from complaints import services
from complaints.services import Intake
from tests.factories import AccountFactory, ContactFactory
from tests.sla.contracts import in_force

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = [
    "/day/", "/complaints/", "/complaints/log/?account={account}", "/complaints/{complaint}/",
    "/complaints/{complaint}/triage/", "/complaints/callbacks/", "/accounts/",
    "/accounts/{account}/", "/accounts/new/", "/accounts/promises/", "/sla/", "/sla/house/",
    "/sla/{contract}/", "/sla/clocks/{clock}/", "/calendars/", "/calendars/{calendar}/",
    "/search/?q=till", "/notifications/", "/sla/without/", "/sla/new/{account}/?prefill=history",
    "/sla/{contract}/attainment/", "/sla/{contract}/review-pack/", "/sla/credits/",
    "/sla/warnings/", "/sla/warnings/attention/", "/sla/warnings/talk/{account}/",
    "/sla/recompute/calendar/{calendar}/", "/accounts/tasks/", "/accounts/bad-news/",
    "/accounts/bad-news/new/?account={account}",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def world(agent, head, now):
    account = AccountFactory(name="Lipa Bakery", owner=head)
    contact = ContactFactory(account=account)
    contract = in_force(account, head, now)
    intake = Intake(client_words="The till is dark.", impact=2, urgency=2, contact=contact)
    complaint = services.log_complaint(actor=agent, account=account, intake=intake, now=now)
    return {
        "account": account.pk, "complaint": complaint.pk, "contract": contract.pk,
        "calendar": account.calendar_id, "clock": complaint.clocks.first().pk,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(
    visit, live_server, head, world, violations, complaints_of_browser, theme, language
):
    head.language = language
    head.save()
    found = {}
    page = visit("/day/", head, theme=theme)
    for path in PATHS:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(live_server.url + path.format(**world))
        flaws = violations() if answer.ok else [f"answers {answer.status}"]
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            flaws.append(f"{width} px wide")
        if flaws:
            found[path] = flaws

    assert found == {}
    assert complaints_of_browser == []
