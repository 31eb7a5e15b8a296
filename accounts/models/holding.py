"""Who holds what we delivered, so that everybody can be told when something is wrong with it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from core.models import Row, User
from core.text import fold

LOOKALIKES: Final = str.maketrans("АВЕКМНОРСТУХІавекмнорстухі", "ABEKMHOPCTYXIabekmhopctyxi")
"""Cyrillic letters that people type in codes without seeing that they are not the Latin ones."""


def item_key(name: str) -> str:
    """Return the name as it is compared: case, spaces and alphabet make no difference."""
    return fold(name).replace(" ", "")


def batch_key(code: str) -> str:
    """Return the code as it is compared: letters that look alike are the same."""
    return item_key(code.translate(LOOKALIKES))


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, user: User) -> HoldingQuerySet:
        """Return what is held at or through accounts the person may read.

        Administrators as such read none; what no account has to do with is for our own people.
        """
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        accounts = Account.objects.visible_to(user)
        readable = Q(account__in=accounts) | Q(reseller__in=accounts)
        if not user.has_role(User.Role.API_CLIENT):
            readable |= Q(account=None, reseller=None)
        return self.filter(readable)

    def of(self, account: Account) -> HoldingQuerySet:
        """Return what the account holds itself and what others hold through it."""
        return self.filter(Q(account=account) | Q(reseller=account))

    def standing(self) -> HoldingQuerySet:
        """Return what has not come back."""
        return self.filter(returned_on=None)

    def matching(self, words: str) -> HoldingQuerySet:
        """Return what has the words in its name or batch."""
        named = Q(item_key__contains=item_key(words))
        return self.filter(named | Q(batch_key__contains=batch_key(words)))


class Holding(Row):
    """A product or a component of a service that somebody has of us.

    item     -- its name; batch is empty where none is known. Their keys are what is compared.
    account  -- the holder, None for somebody who is in no list of ours: then `holder_name` says who.
    reseller -- the account through whom the holder has it.
    passed_on -- it came to this holder second-hand.
    """

    item = models.CharField(_("product or service component"), max_length=120)
    item_key = models.CharField(max_length=250, editable=False)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    batch_key = models.CharField(max_length=130, editable=False, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    delivered_on = models.DateField(_("delivered on"))
    returned_on = models.DateField(_("came back on"), null=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="holdings",
        verbose_name=_("account"),
    )  # fmt: skip
    reseller = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="resold",
        verbose_name=_("through whom"),
    )  # fmt: skip
    holder_name = models.CharField(_("holder"), max_length=160, blank=True)
    holder_email = models.EmailField(_("holder’s e-mail"), blank=True)
    holder_phone = models.CharField(_("holder’s phone"), max_length=40, blank=True)
    holder_language = models.CharField(_("holder’s language"), max_length=2, blank=True)
    passed_on = models.BooleanField(_("second-hand"), default=False)
    note = models.CharField(_("note"), max_length=250, blank=True)

    objects = HoldingQuerySet.as_manager()
    audit_hides = frozenset(
        {"holder_name", "holder_email", "holder_phone", "holder_language", "note"}
    )

    class Meta:
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        indexes = [
            models.Index(
                fields=["batch_key"], condition=Q(returned_on=None), name="holding_by_batch"
            ),
            models.Index(
                fields=["item_key"], condition=Q(returned_on=None), name="holding_by_item"
            ),
            models.Index(fields=["account", "-delivered_on", "-id"], name="holding_by_account"),
            models.Index(fields=["reseller", "-delivered_on", "-id"], name="holding_by_reseller"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(holder_name=""), name="somebody_holds_it"
            ),
            models.CheckConstraint(
                condition=Q(account=None) | Q(reseller=None) | ~Q(account=F("reseller")),
                name="nobody_resells_to_himself",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="holding_is_at_least_one"),
            models.CheckConstraint(condition=~Q(item=""), name="holding_names_its_item"),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("delivered_on")),
                name="holding_returns_after_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.batch}".strip()

    @property
    def audit_account_id(self) -> UUID | None:
        return self.account_id or self.reseller_id

    @property
    def audit_label(self) -> str:
        return str(self)

    @property
    def parent(self) -> Account | None:
        """The account in whose list it stands first: the holder's, else the reseller's."""
        return self.account or self.reseller

    @property
    def holder(self) -> str:
        """The name of whoever has it; of an account that of the account."""
        return self.holder_name or (self.account.name if self.account else "")

    @property
    def language(self) -> str:
        """The language to write to the holder in."""
        return self.holder_language or (self.parent.language if self.parent else "")

    def refresh_keys(self) -> None:
        """Set what is compared from what a person wrote."""
        self.item_key, self.batch_key = item_key(self.item), batch_key(self.batch)
