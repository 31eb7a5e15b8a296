"""Contracts in force and clocks that have run, for tests of what a month came to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType

from complaints.models import Complaint
from core.ids import uuid7
from sla.credits import DEFAULT_SCHEME
from sla.models import Clock, Contract, CreditBand, Exclusion, Target
from tests.factories import NOON, ContractFactory

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
IN_FEBRUARY = datetime(2026, 2, 10, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TARGETS = {("p2", "first_response"): (60, 90), ("p2", "resolution"): (240, 90)}


def signed(
    account, *, targets=None, bands=DEFAULT_SCHEME.bands, exclusions=(), state="active", **fields
):
    """Return a contract that was sent and signed, by default for 4 800.00 a month since 2026.

    targets -- {(priority, metric): (minutes, percent of cases)}.
    """
    given = {
        "monthly_fee": Decimal("4800.00"),
        "signed_by_us_on": date(2025, 11, 1),
        "signed_by_client_on": date(2025, 11, 1),
    } | fields
    contract = ContractFactory(account=account, state="draft", **given)
    CreditBand.objects.bulk_create(
        CreditBand(
            contract=contract, metric=metric, from_percent=band.from_percent,
            to_percent=band.to_percent, credit_percent=band.credit_percent,
        )
        for metric, rows in bands.items()
        for band in rows
    )  # fmt: skip
    Target.objects.filter(contract=contract).delete()
    Target.objects.bulk_create(
        Target(
            contract=contract, priority=priority, metric=metric, minutes=minutes,
            attainment_percent=percent,
        )
        for (priority, metric), (minutes, percent) in (targets or TARGETS).items()
    )  # fmt: skip
    Exclusion.objects.bulk_create(Exclusion(contract=contract, kind=kind) for kind in exclusions)
    Contract.objects.filter(pk=contract.pk).update(state=state, sent_at=NOON)
    contract.refresh_from_db()
    return contract


def successor(contract, starts_on, **fields):
    """Return the next version of the contract, in force."""
    no = f"{contract.no}/2"
    return signed(contract.account, no=no, revision=2, starts_on=starts_on, **fields)


def clock(contract, metric="resolution", *, due=IN_FEBRUARY, state="met", **fields):
    """Return an unsaved clock of the contract, due at the moment, by default met in time."""
    about = {"subject_id": uuid7(), "subject_type": ContentType.objects.get_for_model(Complaint)}
    told = {"met": {"stopped_at": due - HOUR, "used": HOUR}}
    told["missed"] = {"stopped_at": due + HOUR, "used": 3 * HOUR, "breached_at": due}
    told["cancelled"] = {"stopped_at": due - HOUR, "used": HOUR}
    row = Clock(
        account=contract.account, contract=contract, metric=metric, priority="p2", target=2 * HOUR,
        calendar_version_id=contract.calendar.running_id, started_at=due - 2 * HOUR,
        state=state, due_at=due,
    )  # fmt: skip
    for name, value in (about | told.get(state, {}) | fields).items():
        setattr(row, name, value)
    return row


def clocks(contract, metric="resolution", *, met=0, missed=0, due=IN_FEBRUARY):
    """Save clocks of the metric that were met and missed."""
    states = ["met"] * met + ["missed"] * missed
    return Clock.objects.bulk_create(
        clock(contract, metric, due=due, state=state) for state in states
    )
