from urllib.parse import quote

import pytest

from complaints.mail.fetching import fetch_due
from complaints.models import InboundMail
from config.env import Env
from core.models import ReferenceCounter
from core.text import fold
from tests.complaints.mail.server import PASSWORD, USER, ImapServer
from tests.factories import CalendarFactory, ContactFactory


@pytest.fixture(scope="session")
def imap_server():
    server = ImapServer()
    yield server
    server.close()


@pytest.fixture
def box(imap_server, settings, tmp_path):
    """The mailbox, empty, named in the settings."""
    imap_server.empty()
    url = f"imap://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@127.0.0.1:{imap_server.port}/INBOX"
    settings.MAILBOXES = Env({"MAILBOXES": url}).mailboxes("MAILBOXES")
    settings.DEFAULT_FROM_EMAIL = "Kamerton <kamerton@kamerton.test>"
    settings.EMAIL_REPLY_TO = USER
    settings.MEDIA_ROOT = tmp_path
    return imap_server


@pytest.fixture
def contact(account):
    """A contact of the account, whose address the tests write from."""
    return ContactFactory(
        account=account, name="Rada Lipova", language="bg", emails=["Rada@Lipa.example"],
        search_text=fold("Rada Lipova Rada@Lipa.example"),
    )  # fmt: skip


@pytest.fixture
def fetch(box, people, now):
    """Return a function that delivers letters, reads the mailbox and returns what became of them."""
    CalendarFactory()
    # The numbers of the factories begin at nought as well.
    ReferenceCounter.objects.create(series="ACC", last=50_000)

    def fetch_all(*letters, at=now, received=now):
        uids = box.put(*letters, at=received)
        fetch_due(at)
        mails = InboundMail.objects.select_related("complaint__account", "message").order_by("uid")
        return list(mails.filter(uid__in=uids))

    return fetch_all
