"""How we put it right, told for others to learn from, and to the client himself (C-13)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.clockwork import calendar_of
from accounts.models import Contact
from accounts.services.promise import ConsentMissing, NotTheirContact
from complaints.closing import require_open_thread
from complaints.models import Complaint, Story
from complaints.services.conversation import write_reply
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import operation


class NotConfirmed(DomainError):
    code = "not_confirmed"


def tell_story(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    title: str,
    what_happened: str,
    what_we_did: str,
    what_changed: str,
    scope: str,
    consent_by: Contact | None = None,
    consent_date: date | None = None,
    consent_how: str = "",
    closing_note: str = "",
    override_reason: str = "",
    now: datetime,
) -> Story:
    """Tell how a failure became something the client is glad of; told again it replaces the first.

    consent_*    -- who at the client agreed to be named, when and how; only for a named story.
    closing_note -- a letter to the client: how we put it right. "" sends none.
    override_reason -- why the letter goes out although the reply check stops it.
    """
    with operation("complaints.tell_story", actor=actor, on=complaint, at=now) as op:
        if not (complaint.state == Complaint.State.CLOSED and complaint.is_confirmed):
            raise NotConfirmed(
                _("Tell it once the client has said that it is fixed: before, it is no success.")
            )
        story = op.also(_story_of(complaint))
        story.author, story.told_at, story.archived_at = actor, now, None
        story.title, story.what_happened = title.strip(), what_happened.strip()
        story.what_we_did, story.what_changed = what_we_did.strip(), what_changed.strip()
        _set_consent(story, scope, consent_by, consent_date, consent_how.strip())
        _check_consent(story, now)
        story.refresh_texts()
        if closing_note.strip():
            require_open_thread(complaint)
            write_reply(complaint, closing_note, actor, now, override_reason=override_reason)
    return story


def archive_story(*, actor: User, story: Story, now: datetime) -> Story:
    """Take the story out of the library; it stays with its complaint."""
    with operation("complaints.archive_story", actor=actor, on=story, at=now):
        if story.archived_at is not None:
            raise InvalidTransition(_("archived"), ["tell_story"])
        story.archived_at = now
    return story


def _story_of(complaint: Complaint) -> Story:
    return Story.objects.filter(complaint=complaint).first() or Story(complaint=complaint)


def _set_consent(story: Story, scope: str, by: Contact | None, on: date | None, how: str) -> None:
    """Keep who agreed to be named; of a story without names nobody needs to have agreed."""
    is_named = scope == Story.Scope.NAMED
    story.scope = scope
    story.consent_by, story.consent_date = (by, on) if is_named else (None, None)
    story.consent_how = how if is_named else ""


def _check_consent(story: Story, now: datetime) -> None:
    if story.scope != Story.Scope.NAMED:
        return
    if not (story.consent_by and story.consent_date and story.consent_how):
        raise ConsentMissing(_("To name the client, note who there agreed to it, when, and how."))
    account = story.complaint.account
    if not Contact.objects.of(account).filter(pk=story.consent_by.pk).exists():
        raise NotTheirContact(_("This person does not work for the account."))
    if story.consent_date > now.astimezone(calendar_of(account).zone).date():
        raise ConsentMissing(_("Nobody can have agreed in the future: correct the day."))
