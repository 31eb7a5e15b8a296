"""Every page of the main job: nothing for axe to find, nothing wider than a phone, no script error."""

import pytest
from django.urls import reverse

from accounts.models import Account
from complaints import services
from complaints.services import Intake
from tests.browser.recovered import recovery_world
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
PLACES = [
    "complaints:detail case", "complaints:record_findings case", "complaints:set_wants case",
    "complaints:decide_remedy case", "complaints:resolve case", "complaints:client_links case",
    "complaints:detail owed", "complaints:callbacks", "complaints:record_callback owed",
    "complaints:detail told", "complaints:lessons", "complaints:story story",
    "complaints:reviews", "complaints:review review", "complaints:write_review unwritten",
    "complaints:problems", "complaints:problem problem", "complaints:open_problem",
    "complaints:notices", "complaints:notice draft", "complaints:edit_notice draft",
    "complaints:draft_notice", "complaints:notice sent", "complaints:notice_recipients sent",
    "complaints:notice_calls sent", "complaints:recipient recipient",
    "complaints:mailboxes", "complaints:mailbox mailbox", "complaints:suppliers",
    "complaints:add_supplier", "complaints:edit_supplier supplier", "complaints:overrides",
    "complaints:check_import", "complaints:import import", "complaints:insight",
    "complaints:pressure account", "complaints:hold_meeting meeting", "accounts:task meeting",
    "core:webhooks", "core:add_webhook", "core:webhook webhook", "core:mail",
    "accounts:holdings", "accounts:add_holding account", "accounts:import_holdings",
]  # fmt: skip
"""URL names with the word that stands for the row in `recovery_world`."""
BY_LINK = ["client_page", "recipient_page"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


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
    page = visit("/day/", head, theme=theme)
    paths = [path.format(**world) for path in PATHS]

    assert flaws_of(page, live_server.url, paths, violations) == {}
    assert complaints_of_browser == []


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ru", "dark")])
def test_pages_of_recovery_are_accessible_and_fit_a_phone(
    visit,
    live_server,
    head,
    executive,
    world,
    violations,
    complaints_of_browser,
    theme,
    language,
    now,
):
    head.language, head.roles = language, ["hk", "ad"]
    head.save()
    account = Account.objects.get(pk=world["account"])
    told = recovery_world(account, account.contacts.get(), head, executive, now)
    page = visit("/day/", head, theme=theme)
    paths = [told[word] for word in BY_LINK]
    paths += [address_of(place, told | world) for place in PLACES]

    assert flaws_of(page, live_server.url, paths, violations) == {}
    assert complaints_of_browser == []


def address_of(place, rows):
    name, _gap, word = place.partition(" ")
    return reverse(name, args=[rows[word]] if word else [])


def flaws_of(page, base, paths, violations):
    """Return what is wrong with each page that is not right."""
    found = {}
    for path in paths:
        page.set_viewport_size(DESK)
        answer = page.goto(base + path)
        flaws = violations() if answer.ok else [f"answers {answer.status}"]
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            flaws.append(f"{width} px wide")
        if flaws:
            found[path] = flaws
    return found
