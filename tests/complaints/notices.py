"""Notices for tests: whole texts, holders, and a notice brought to a state by its services."""

from datetime import date

from complaints import services
from complaints.notice_letter import Blocks
from tests.factories import AccountFactory, ContactFactory, HoldingFactory

ITEM, BATCH = "Adapter KT-65", "B-2026-02"
DEADLINE = date(2026, 4, 10)
ENGLISH = Blocks(
    what="We found that the adapter KT-65 can overheat.",
    risk="It can burn whoever touches it and start a fire.",
    action="Stop using the adapter and unplug it today.",
    remedy="We replace it free of charge, or refund it if you prefer.",
    regret="We are sorry for the trouble.",
)
RUSSIAN = Blocks(
    what="Мы обнаружили, что адаптер KT-65 может перегреться.",
    risk="Он может обжечь и вызвать пожар.",
    action="Прекратите пользоваться адаптером и отключите его сегодня.",
    remedy="Мы бесплатно заменим его или вернём деньги",
    regret="Нам жаль, что вам приходится этим заниматься.",
)


def draft_of(contact, **given):
    """Return what a person writes of a safety notice; English alone unless told otherwise."""
    whole = {
        "kind": "safety", "item": ITEM, "batch": BATCH, "deadline": DEADLINE, "contact": contact,
        "texts": {"en": ENGLISH},
    }  # fmt: skip
    return services.NoticeDraft(**{**whole, **given})


def hold(account=None, **given):
    """Make a delivery of the batch; without an account the holder is in no list of ours."""
    return HoldingFactory(**{"item": ITEM, "batch": BATCH, "account": account, **given})


def client(name, **given):
    """Make an account with one contact who reads English."""
    account = AccountFactory(name=name, **given)
    ContactFactory(account=account, name=f"Head of {name}")
    return account
