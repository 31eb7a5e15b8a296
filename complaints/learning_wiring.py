"""What reviews, stories and problems tell the apps below when the server starts."""

from django.utils.translation import gettext_lazy as _

from complaints import closing, permissions
from complaints.models import CaseReview, Problem, Story
from core.nav import Place, add_place
from core.places import place
from core.timers import handle


def speak() -> None:
    """Declare timers, pages and the place in the navigation. Call it from AppConfig.ready."""
    handle(closing.REVIEW, closing.fire_reviews)
    place(CaseReview, "complaints:review")
    place(Problem, "complaints:problem")
    place(Story, "complaints:story")
    add_place(
        Place(
            order=28,
            label=_("Lessons"),
            url_name="complaints:lessons",
            icon="bulb",
            shown_to=permissions.works_here,
            hotkey="g l",
        )
    )
