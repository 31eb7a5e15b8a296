"""Members of staff and programs, their roles and teams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import access
from core.models.deputyship import Deputyship
from core.models.row import Row


class Role(models.TextChoices):
    ACCOUNT_MANAGER = "am", _("Account manager")
    SUPPORT_AGENT = "sa", _("Support agent")
    HEAD_OF_KAM = "hk", _("Head of key accounts")
    TECHNICIAN = "te", _("Technician")
    FINANCE = "fi", _("Finance")
    EXECUTIVE = "ex", _("Executive")
    ADMINISTRATOR = "ad", _("Administrator")
    API_CLIENT = "api", _("API client")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an administrator; no role stands above the rules."""
        return self.create_user(email, password, **{"roles": [Role.ADMINISTRATOR], **fields})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def in_role(self, *roles: str) -> models.QuerySet[User]:
        return self.filter(is_active=True, roles__overlap=list(roles))


class User(AbstractBaseUser, Row):  # type: ignore[django-manager-missing]  # knox is untyped
    """A member of staff or a program; the roles decide what they may do."""

    Role = Role
    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    email = models.EmailField(_("e-mail"))
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=3, choices=Role), verbose_name=_("roles"))
    language = models.CharField(_("language"), max_length=2, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Sofia")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    wants_mail = models.BooleanField(_("send notifications by mail"), default=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()
    audit_hides = frozenset({"email", "name", "phone", "password"})

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=Role.values, roles__len__gt=0),
                name="roles_are_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(roles__contains=["api"])
                | ~models.Q(roles__overlap=["hk", "fi", "ex"]),
                name="programs_decide_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)

    @property
    def role_names(self) -> str:
        """The roles in the reader's language."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def front_office(self) -> bool:
        return self.has_role(Role.ACCOUNT_MANAGER, Role.HEAD_OF_KAM)

    @property
    def is_staff(self) -> bool:
        """Django's word for: may open the administration pages."""
        return self.has_role(Role.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        """Nobody is above the rules."""
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and access.allows(perm, self, obj)

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    @cached_property
    def principals(self) -> frozenset[UUID]:
        """Return whose accounts this person answers for now: his own and those of whom he deputises."""
        absent = Deputyship.objects.current().filter(deputy_id=self.pk)
        return frozenset({self.pk, *absent.values_list("person_id", flat=True)})


class Team(Row):
    """People who share accounts."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(User, related_name="teams", verbose_name=_("members"))

    class Meta:
        verbose_name, verbose_name_plural = _("team"), _("teams")

    def __str__(self) -> str:
        return self.name
