"""A contract on paper, in the client's language."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from sla import services
from sla.document import paper_of
from sla.queries import contract_detail
from sla.services import ExclusionRow, ScopeRow, TargetRow
from tests.sla.contracts import HOUSE, in_force, terms


def texts_in(block):
    """Yield every text of a block of paper, with spaces that break a line."""
    if isinstance(block, str):
        yield block.replace("\u00a0", " ")
    elif isinstance(block, (list, tuple)):
        for each in block:
            yield from texts_in(each)
    elif is_dataclass(block):
        for field in fields(block):
            yield from texts_in(getattr(block, field.name))


@pytest.fixture
def printed(head, now):
    """Return a function that gives the paper of a contract with all its texts."""

    def read(contract):
        paper = paper_of(contract_detail(head).get(pk=contract.pk), now)
        return paper, list(texts_in(paper.blocks))

    return read


@pytest.fixture
def rich(account, now):
    return terms(
        account,
        scope="Kiosk service",
        ends_on=date(2027, 2, 28),
        auto_renew=True,
        covers_children=True,
        monthly_fee=Decimal("4800.00"),
        targets=(*HOUSE, TargetRow("p2", "resolution", 480, category="safety")),
        scope_items=(
            ScopeRow("Visits", Decimal(10), "visits", "month", "Sundays"),
            ScopeRow("Help"),
        ),
        exclusions=(ExclusionRow("agreed_maintenance", "Sundays"),),
    )


def test_the_paper_says_all_that_is_promised(head, account, now, rich, printed):
    account.legal_name = "Lipa Bakery OOD"
    account.save()
    contract = services.draft_contract(actor=head, account=account, terms=rich, now=now)

    paper, told = printed(contract)

    assert (paper.title, paper.subtitle, paper.author) == (
        "Service levels for Lipa Bakery",
        f"Draft {contract.no}, not yet proposed",
        account.owner.name,
    )
    for words in (
        "Lipa Bakery OOD",
        "Kiosk service",
        "1 March 2026",
        "28 February 2027, renews itself",
        "60 days",
        "€4,800.00",
        "covers the companies below too",
        f"{account.owner.name}, {account.owner.email}",
        "An important process is hurt (P2 high)",
        "An important process is hurt (P2 high, Safety)",
        "within 2 working hours, in 90 % of cases",
        "every working day",
        "Visits: 10 visits a month",
        "Sundays",
        "Maintenance that we agreed on in advance: Sundays",
        "A delay of one of our suppliers is our delay: it always counts.",
        "At most 10 % of the month’s fee and 5 % of the year’s fee.",
        "At 50 % of the time who works on it hears of it, also at night.",
        "We look at the figures together every 3 months.",
    ):
        assert words in told, words


def test_without_a_fee_nothing_is_said_of_credits(head, account, now, printed):
    contract = services.draft_contract(actor=head, account=account, terms=terms(account), now=now)

    _paper, told = printed(contract)

    assert "If we fail" not in told
    assert "Services in scope" not in told
    assert "until somebody ends it" in told


def test_a_signed_contract_names_who_signed(head, account, now, printed):
    contract = in_force(account, head, now, bands=(), monthly_fee=Decimal(100))

    paper, told = printed(contract)

    assert paper.subtitle == f"Contract {contract.no}"
    assert {"Rada Lipova", head.name} <= set(told)
    assert "If we fail" in told
    assert "What comes back" not in told


def test_a_proposal_is_in_the_clients_language_whoever_prints_it(head, account, now, printed):
    account.language = "ru"
    account.save()
    contract = services.draft_contract(actor=head, account=account, terms=terms(account), now=now)
    services.propose_contract(actor=head, contract=contract, now=now)

    with translation.override("bg"):
        paper, told = printed(contract)

    assert paper.language == "ru"
    assert "1 марта 2026" in told
    assert any("в течение 2 рабочих часов" in each for each in told)
