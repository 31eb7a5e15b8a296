"""What accounts tells the core when the server starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import attention, clockwork, events, hearers, panels, permissions
from accounts.facts import AccountFact, add_account_fact
from accounts.models import Account, Alert, BadNews, Contact, Holding, Promise, Task, Touch
from accounts.queries import reads_cases
from accounts.timeline import Chapter, add_chapter
from core.models import Row, User
from core.nav import Place, add_place, add_quick_action
from core.operations import know_owner
from core.places import place
from core.timers import handle


@dataclass(frozen=True, slots=True)
class NextPromise:
    due_at: datetime
    is_overdue: bool


def _owner(row: Row) -> UUID | None:
    account = row if isinstance(row, Account) else getattr(row, "account", None)
    return account.owner_id if isinstance(account, Account) else None


def _last_touches(
    user: User, accounts: Sequence[Account], now: datetime
) -> Mapping[UUID, datetime | None]:
    return {account.pk: account.last_touch_at for account in accounts}


def _next_promises(
    user: User, accounts: Sequence[Account], now: datetime
) -> Mapping[UUID, NextPromise]:
    owed = Promise.objects.owed().filter(account__in=accounts)
    soonest = owed.order_by("account", "due_at").distinct("account")
    return {row.account_id: NextPromise(row.due_at, row.is_overdue(now)) for row in soonest}


handle(clockwork.KIND, clockwork.fire_promises)
handle(clockwork.BAD_NEWS, clockwork.fire_bad_news)
hearers.speak()
events.speak()
panels.add_panels()
attention.show()
know_owner(_owner)
place(Account, "accounts:detail")
place(Alert, "accounts:alert")
place(BadNews, "accounts:bad_news")
place(Contact, "accounts:contact")
place(Holding, "accounts:holding")
place(Promise, "accounts:promise")
place(Task, "accounts:task")
place(Touch, "accounts:touch")
add_place(
    Place(
        order=30,
        label=_("Accounts"),
        url_name="accounts:index",
        icon="building",
        shown_to=lambda user: True,
        hotkey="g a",
    )
)
add_place(
    Place(
        order=32,
        label=_("Promises"),
        url_name="accounts:promises",
        icon="flag",
        shown_to=reads_cases,
        hotkey="g p",
    )
)
add_place(
    Place(
        order=34,
        label=_("Bad news"),
        url_name="accounts:bad_news_list",
        icon="speakerphone",
        shown_to=lambda user: True,
        hotkey="g b",
    )
)
add_quick_action(
    Place(
        order=30,
        label=_("Bad news"),
        url_name="accounts:report_bad_news",
        icon="speakerphone",
        shown_to=lambda user: True,
        hotkey="b",
    )
)
add_account_fact(
    AccountFact(
        order=60,
        label=_("Last touch"),
        template="accounts/facts/moment.html",
        shown_to=reads_cases,
        read=_last_touches,
        sort="touch",
    )
)
add_account_fact(
    AccountFact(
        order=70,
        label=_("Next promise"),
        template="accounts/facts/promise.html",
        shown_to=reads_cases,
        read=_next_promises,
        sort="promise",
    )
)
add_chapter(
    Chapter(
        order=10,
        key="talks",
        label=_("Talks"),
        verbs=(
            "accounts.log_touch",
            "accounts.approve_hospitality",
            "accounts.refuse_hospitality",
        ),
    )
)
add_chapter(
    Chapter(
        order=45,
        key="deliveries",
        label=_("Deliveries"),
        verbs=("accounts.add_holding", "accounts.edit_holding", "accounts.return_holding"),
    )
)
add_chapter(
    Chapter(
        order=30,
        key="promises",
        label=_("Promises"),
        verbs=(
            "accounts.make_promise",
            "accounts.keep_promise",
            "accounts.renegotiate_promise",
            "accounts.withdraw_promise",
            "accounts.remind_promise",
            "accounts.retry_promise",
            "accounts.put_off_promise",
            "accounts.hand_over_promise",
            "accounts.void_promise",
            "accounts.break_promise",
        ),
    )
)
add_chapter(
    Chapter(
        order=40,
        key="bad-news",
        label=_("Bad news"),
        verbs=(
            "accounts.report_bad_news",
            "accounts.acknowledge_bad_news",
            "accounts.tell_client",
            "accounts.spare_client",
            "accounts.thank_messenger",
            "accounts.remind_bad_news",
        ),
    )
)
add_chapter(
    Chapter(
        order=50,
        key="changes",
        label=_("Changes"),
        verbs=(
            "accounts.create",
            "accounts.edit",
            "accounts.reassign",
            "accounts.sign_contract",
            "accounts.set_annual_margin",
            "accounts.add_contact",
            "accounts.edit_contact",
            "accounts.set_influence",
            "accounts.read_attitude",
        ),
    )
)

__all__ = ["permissions"]
