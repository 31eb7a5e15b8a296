"""Client companies and their groups."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from core.models import Calendar, Row, User
from core.text import fold, sort_key

MAX_DEPTH = 5


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User) -> AccountQuerySet:
        """Return the accounts whose base data the person may read; a program may be limited.

        The one that stands for nobody known yet is nobody's client and never shown.
        """
        known = self.filter(is_unknown=False)
        if not user.has_role(User.Role.API_CLIENT):
            return known
        limits = ClientLimit.objects.filter(user=user)
        return known.filter(~Exists(limits) | Q(pk__in=limits.values("account")))

    def in_stake_of(self, user: User) -> AccountQuerySet:
        """Return the accounts of whose people the person reads attitudes and influence (STAKE)."""
        return self._open_to(user, User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE)

    def in_cost_of(self, user: User) -> AccountQuerySet:
        """Return the accounts of which the person reads what we earn with them (COST)."""
        return self._open_to(user, User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE, User.Role.FINANCE)

    def _open_to(self, user: User, *roles: str) -> AccountQuerySet:
        """Return all for the roles, account managers their own, and programs none whatever else."""
        if user.has_role(User.Role.API_CLIENT):
            return self.none()
        if user.has_role(*roles):
            return self.all()
        return self.own_of(user) if user.has_role(User.Role.ACCOUNT_MANAGER) else self.none()

    def own_of(self, user: User) -> AccountQuerySet:
        """Return the accounts the person answers for, by himself, as a deputy or through a group."""
        direct = Account.objects.filter(_answers_for(user))
        return self.filter(
            _answers_for(user) | Q(ancestors__overlap=ArraySubquery(direct.values("pk")))
        )

    def matching(self, words: str) -> AccountQuerySet:
        """Return what contains the words in any case, or nearly does (trigrams)."""
        folded = fold(words)
        if not folded:
            return self.all()
        return self.filter(
            Q(search_text__contains=folded) | Q(search_text__trigram_word_similar=folded)
        )


def _answers_for(user: User) -> Q:
    people = user.principals
    in_team = Account.team.through.objects.filter(account=OuterRef("pk"), user__in=people)
    return Q(owner__in=people) | Q(deputy__in=people) | Q(Exists(in_team))


class Name(DeferredAttribute):
    """The name as stored; of the account that stands for nobody known yet, in the reader's words."""

    def __get__(self, account: Any, owner: Any = None) -> Any:
        stored = super().__get__(account, owner)
        is_unknown = account is not None and account.__dict__.get("is_unknown")
        return gettext("Not known yet") if is_unknown else stored

    def __set__(self, account: Any, name: str) -> None:
        account.__dict__[self.field.attname] = name


class NameField(models.CharField):  # type: ignore[type-arg]  # not generic at run time
    descriptor_class = Name

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Account(Row):
    """A client company.

    ancestors -- ids from the top of the group down to the parent, kept by the services.
    annual_margin -- what we earn with them in a year, None where nobody knows; belongs to COST.
    is_unknown -- the one account that holds complaints of people we cannot place yet.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        PUBLIC_BODY = "public_body", _("Public body")
        CONSUMER = "consumer", _("Private person")

    class Stage(models.TextChoices):
        LEAD = "lead", _("Lead")
        PROSPECT = "prospect_accepted", _("Accepted prospect")
        CLIENT = "client", _("Client")
        FORMER = "former", _("Former client")
        DECLINED = "declined", _("Declined")

    class Tier(models.TextChoices):
        STRATEGIC = "strategic", _("Strategic")
        KEY = "key", _("Key")
        STANDARD = "standard", _("Standard")
        SMALL = "small", _("Small")

    class ParentRelation(models.TextChoices):
        SUBSIDIARY = "subsidiary", _("Subsidiary")
        BRANCH = "branch", _("Branch")
        FRANCHISE = "franchise", _("Franchise")
        MANAGED = "managed", _("Managed")

    no = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    name: models.CharField[str, str] = NameField(_("name"), max_length=160)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    registration_no = models.CharField(_("registration number"), max_length=40, blank=True)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    country = CountryField(_("country"), blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    website = models.URLField(_("website"), blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("group / parent company"),
    )  # fmt: skip
    parent_relation = models.CharField(
        _("relation to the parent"), max_length=12, choices=ParentRelation, blank=True
    )
    ancestors = ArrayField(models.UUIDField(), default=list, editable=False)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.LEAD)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.SMALL)
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="accounts", verbose_name=_("account manager")
    )
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("deputy")
    )
    team = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("team"))
    language = models.CharField(_("language"), max_length=2, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Sofia")
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    payment_term_days = models.PositiveSmallIntegerField(_("payment term, days"), default=30)
    client_since = models.DateField(_("client since"), null=True, blank=True)
    annual_margin = models.DecimalField(
        _("yearly margin"), max_digits=14, decimal_places=2, null=True, editable=False
    )
    source = models.CharField(_("where the client came from"), max_length=160, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    archived_at = models.DateTimeField(null=True, editable=False)
    last_touch_at = models.DateTimeField(null=True, editable=False)
    is_unknown = models.BooleanField(default=False, editable=False)
    search_text = models.TextField(editable=False)
    sort_name = models.CharField(max_length=160, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("account"), _("accounts")
        indexes = [
            models.Index(fields=["sort_name", "id"], name="account_by_name"),
            models.Index(fields=["owner"], name="account_by_owner"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="account_search"),
            GinIndex(fields=["ancestors"], name="account_by_ancestor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ancestors__len__lt=MAX_DEPTH), name="group_is_at_most_5_deep"
            ),
            models.CheckConstraint(
                condition=~Q(ancestors__contains=[F("id")]), name="group_has_no_cycle"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, ancestors=[]) | Q(parent__isnull=False),
                name="only_a_child_has_ancestors",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["client", "former"]) | Q(client_since__isnull=False),
                name="client_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="account_currency_is_iso"
            ),
            models.UniqueConstraint(
                fields=["is_unknown"], condition=Q(is_unknown=True), name="one_unknown_account"
            ),
            models.CheckConstraint(
                condition=Q(is_unknown=False) | Q(stage="lead", parent=None),
                name="unknown_account_is_a_lone_lead",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_account_id(self) -> UUID:
        return self.pk

    @property
    def is_client(self) -> bool:
        return self.stage == self.Stage.CLIENT

    @property
    def lineage(self) -> list[UUID]:
        """The account and its groups, nearest first."""
        return [self.pk, *reversed(self.ancestors)]

    def is_own_of(self, user: User) -> bool:
        """Say whether the person answers for this account; asks the database only when unsure."""
        if {self.owner_id, self.deputy_id} & user.principals:
            return True
        return Account.objects.filter(pk__in=self.lineage).filter(_answers_for(user)).exists()

    def refresh_texts(self) -> None:
        """Set what search and sorting use from the fields a person edits."""
        told: list[Any] = [self.no, self.name, self.legal_name, self.city, self.registration_no]
        self.search_text = fold(" ".join(filter(None, told)))
        self.sort_name = sort_key(self.name)[:160]


class ClientLimit(models.Model):
    """A program with at least one of these sees only the accounts listed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="client_limits")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="client_limit_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
