"""People and programs: added, changed, let in and out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.models import OutgoingMail, User
from core.operations import Actor, operation
from core.password_links import password_link

DECIDING = {User.Role.HEAD_OF_KAM, User.Role.FINANCE, User.Role.EXECUTIVE}


class EmailTaken(DomainError):
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Somebody else has this e-mail address already."))


class ProgramsDecideNothing(DomainError):
    code = "programs_decide_nothing"

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("A program cannot be head of key accounts, finance or executive.")
        )


class LastAdministrator(DomainError):
    code = "last_administrator"

    def __init__(self) -> None:
        super().__init__(gettext_lazy("This is the only administrator. Name another one first."))


def create_user(
    *, actor: Actor, email: str, name: str, roles: list[str], language: str, now: datetime
) -> User:
    """Add a person, who gets a mail with a link to set a password; programs use tokens."""
    with operation("core.create_user", actor=actor, on=None, at=now) as outcome:
        _check_roles(roles)
        _check_email(email)
        user = User(email=email.strip().lower(), name=name, roles=roles)
        user.language, user.time_zone = language, settings.TIME_ZONE
        user.set_unusable_password()
        outcome.details["roles"] = ", ".join(roles)
        outcome.create(user)
        if not user.has_role(User.Role.API_CLIENT):
            _invite(user, now)
    return user


def edit_user(
    *, actor: Actor, user: User, email: str, name: str, roles: list[str], now: datetime
) -> User:
    """Correct a person; changed roles end the person's sessions, so that they count at once."""
    with operation("core.edit_user", actor=actor, on=user, at=now):
        _check_roles(roles)
        _check_email(email, beside=user)
        if User.Role.ADMINISTRATOR not in roles:
            _keep_an_administrator(user)
        if set(roles) != set(user.roles):
            _end_sessions(user)
        user.email, user.name, user.roles = email.strip().lower(), name, roles
    return user


def deactivate_user(*, actor: Actor, user: User, now: datetime) -> User:
    """Close the person's access at once; what he or she did stays."""
    with operation("core.deactivate_user", actor=actor, on=user, at=now):
        _keep_an_administrator(user)
        user.is_active = False
        _end_sessions(user)
    return user


def reactivate_user(*, actor: Actor, user: User, now: datetime) -> User:
    with operation("core.reactivate_user", actor=actor, on=user, at=now):
        user.is_active = True
    return user


def change_password(*, actor: Actor, user: User, password: str, now: datetime) -> User:
    """Set a password that the sign-in pages have checked, and end every session."""
    with operation("core.change_password", actor=actor, on=user, at=now):
        user.set_password(password)
        _end_sessions(user)
    return user


def end_sessions(*, actor: Actor, user: User, now: datetime) -> User:
    """Sign the person out on every device."""
    with operation("core.end_sessions", actor=actor, on=user, at=now):
        _end_sessions(user)
    return user


def _check_roles(roles: Iterable[str]) -> None:
    if User.Role.API_CLIENT in roles and not DECIDING.isdisjoint(roles):
        raise ProgramsDecideNothing


def _check_email(email: str, beside: User | None = None) -> None:
    others = User.objects.exclude(pk=beside.pk) if beside else User.objects.all()
    if others.filter(email__iexact=email.strip()).exists():
        raise EmailTaken


def _keep_an_administrator(user: User) -> None:
    """Lock the administrators, so that the last two cannot leave at the same moment."""
    administrators = User.objects.in_role(User.Role.ADMINISTRATOR).select_for_update(no_key=True)
    if [each.pk for each in administrators] == [user.pk]:
        raise LastAdministrator


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def _invite(user: User, now: datetime) -> None:
    with translation.override(user.language):
        text = _("%(name)s, you now have access to Kamerton. Set your password here:\n%(link)s\n")
        OutgoingMail.objects.create(
            to=user.email,
            subject=_("Your access to Kamerton"),
            body=text % {"name": user.name, "link": password_link(user)},
            next_try_at=now,
        )
