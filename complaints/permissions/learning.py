"""Who may review, tell, find repeated causes, and ask for help with an upset client."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_technician, owns, talks_to_clients
from complaints.permissions.people import is_on_it, leads_it, works_here, works_on_it
from core.access import permit, rule, system_verb
from core.models import User


@rule
def reviews_it(user: User, review: Any = None) -> bool:
    """Say whether it is the person's own review, and not of a complaint about himself."""
    if review is None:
        return False
    return review.author_id in user.principals and review.complaint.about_id != user.pk


@rule
def owns_problem(user: User, problem: Any = None) -> bool:
    return problem is not None and problem.owner_id in user.principals


@rule
def told_it(user: User, story: Any = None) -> bool:
    return story is not None and story.author_id in user.principals


permit(
    "complaints.write_review",
    reviews_it | is_head,
    says=_("Worked on the review of {label}"),
    icon="clipboard-text",
)
system_verb(
    "complaints.remind_review", says=_("The review of {label} is due"), icon="clipboard-text"
)
permit(
    "complaints.tell_story",
    owns | is_head | leads_it,
    says=_("Told how {label} was put right"),
    icon="award",
)
permit(
    "complaints.archive_story",
    told_it | is_head,
    says=_("Took the story of {label} out of the library"),
    icon="archive",
)
permit(
    "complaints.ask_opinion",
    works_here,
    says=_("Asked for a second opinion on {label}"),
    icon="bulb",
)
permit(
    "complaints.log_call",
    works_on_it & talks_to_clients,
    says=_("Spoke with the client on the phone about {label}"),
    icon="phone",
)
permit(
    "complaints.hand_over",
    owns | is_head | leads_it | is_on_it,
    says=_("Handed {label} over to cool down"),
    icon="snowflake",
)
permit(
    "complaints.open_problem",
    is_head | is_technician,
    says=_("Opened the problem {label}"),
    icon="alert-triangle",
)
system_verb(
    "complaints.flag_danger",
    says=_("The problem {label} endangers somebody"),
    icon="alert-triangle",
)
permit(
    "complaints.edit_problem",
    is_head | is_technician | owns_problem,
    says=_("Changed the problem {label}"),
)
permit(
    "complaints.solve_problem",
    is_head | owns_problem,
    says=_("Solved the problem {label}"),
    icon="check",
)
permit(
    "complaints.decide_no_notice",
    is_head,
    says=_("Decided that nobody need be warned of {label}"),
    icon="circle-minus",
)
