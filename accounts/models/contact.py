"""People on the client's side."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.account import Account
from core.models import Row, User
from core.text import fold


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> ContactQuerySet:
        """Return the contacts of the accounts the person may read, except to administrators."""
        if set(user.roles) == {User.Role.ADMINISTRATOR}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))

    def of(self, account: Account) -> ContactQuerySet:
        """Return the people of the account, those of its group who work for it too included."""
        return self.filter(Q(account=account) | Q(also_at=account)).distinct()

    def matching(self, words: str) -> ContactQuerySet:
        folded = fold(words)
        return self.filter(
            Q(search_text__contains=folded) | Q(search_text__trigram_word_similar=folded)
        )


class Contact(Row):
    """One person, who may work for several companies of one group.

    influence -- 1…5 on what is decided there, None while nobody knows; belongs to STAKE.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Works there")
        LEFT = "left", _("Left the company")
        DO_NOT_CONTACT = "do_not_contact", _("Do not contact")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        MESSENGER = "messenger", _("Messenger")
        MEETING = "meeting", _("Meeting")

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decision maker")
        APPROVER = "approver", _("Approver")
        BUYER = "buyer", _("Buyer (purchasing)")
        INFLUENCER = "influencer", _("Influencer")
        USER = "user", pgettext_lazy("buying role", "User")
        GATEKEEPER = "gatekeeper", _("Gatekeeper")
        CHAMPION = "champion", _("Champion (sponsor)")
        BLOCKER = "blocker", _("Blocker")

    DECISIVE = (Role.DECISION_MAKER, Role.CHAMPION)

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="contacts", verbose_name=_("account")
    )
    also_at = models.ManyToManyField(
        Account, blank=True, related_name="+", verbose_name=_("also works for")
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    how_to_address = models.CharField(_("how to address"), max_length=80, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    roles = ArrayField(
        models.CharField(max_length=14, choices=Role), default=list, blank=True,
        verbose_name=_("part in decisions"),
    )  # fmt: skip
    influence = models.PositiveSmallIntegerField(_("influence"), null=True, blank=True)
    emails = ArrayField(models.EmailField(), default=list, blank=True, verbose_name=_("e-mail"))
    phones = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("phone")
    )
    language = models.CharField(_("language"), max_length=2, default="en")
    preferred_channel = models.CharField(
        _("preferred channel"), max_length=10, choices=Channel, default=Channel.PHONE
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.ACTIVE)
    search_text = models.TextField(editable=False)

    objects = ContactQuerySet.as_manager()
    audit_hides = frozenset(
        {
            "name", "how_to_address", "emails", "phones", "title", "department", "search_text",
            "influence",
        }
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        indexes = [
            models.Index(fields=["account", "name", "id"], name="contact_by_account"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="contact_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    roles__contained_by=[
                        "decision_maker",
                        "approver",
                        "buyer",
                        "influencer",
                        "user",
                        "gatekeeper",
                        "champion",
                        "blocker",
                    ]
                ),
                name="contact_roles_are_known",
            ),
            models.CheckConstraint(
                condition=Q(influence=None) | Q(influence__range=(1, 5)), name="influence_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def decides(self) -> bool:
        """Whether the person decides, or speaks for us to those who do."""
        return not set(self.DECISIVE).isdisjoint(self.roles)

    @property
    def email(self) -> str:
        """The first address, or an empty text."""
        return self.emails[0] if self.emails else ""

    @property
    def phone(self) -> str:
        return self.phones[0] if self.phones else ""

    @property
    def may_be_contacted(self) -> bool:
        return self.state == self.State.ACTIVE

    def refresh_texts(self) -> None:
        """Set what search uses from the fields a person edits."""
        self.search_text = fold(" ".join([self.name, self.title, *self.emails, *self.phones]))
