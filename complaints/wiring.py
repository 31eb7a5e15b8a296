"""What complaints tell the apps below when the server starts."""

from django.utils.translation import gettext_lazy as _

from accounts.facts import AccountFact, add_account_fact
from accounts.queries import reads_cases
from accounts.timeline import Chapter, add_chapter
from complaints import (
    clockwork,
    disclosure,
    events,
    hearers,
    kinds,
    learning_wiring,
    mail_wiring,
    notice_wiring,
    permissions,
    remedy_timer,
)
from complaints.models import Complaint, Supplier
from complaints.panels import PANEL
from complaints.queries import open_by_account
from complaints.services import OUTCOMES
from complaints.timed import TIMED
from core.access import word_fact
from core.nav import Place, add_place, add_quick_action
from core.panels import add_account_panel
from core.places import place
from core.timers import handle
from sla.subjects import time_subject

handle(clockwork.WAITING, clockwork.fire_waiting)
handle(clockwork.SILENCE, clockwork.fire_silence)
handle(clockwork.APPOINTMENT, clockwork.fire_appointments)
handle(disclosure.KIND, disclosure.fire_disclosures)
handle(remedy_timer.KIND, remedy_timer.fire_remedies)
time_subject(Complaint, TIMED)
hearers.speak()
events.speak()
kinds.speak()
mail_wiring.speak()
notice_wiring.speak()
learning_wiring.speak()
place(Complaint, "complaints:detail")
place(Supplier, "complaints:edit_supplier")
word_fact("outcome", lambda outcome: OUTCOMES.get(outcome, outcome))
add_account_panel(PANEL)
add_chapter(Chapter(order=20, key="complaints", label=_("Complaints"), verbs=("complaints.",)))
add_place(
    Place(
        order=20,
        label=_("Complaints"),
        url_name="complaints:index",
        icon="inbox",
        shown_to=permissions.works_here,
        hotkey="g c",
    )
)
add_place(
    Place(
        order=25,
        label=_("Follow-up calls"),
        url_name="complaints:callbacks",
        icon="phone-call",
        shown_to=permissions.works_here,
        hotkey="g f",
    )
)
add_quick_action(
    Place(
        order=20,
        label=_("Log complaint"),
        url_name="complaints:log",
        icon="message-report",
        shown_to=permissions.works_here,
        hotkey="l",
    )
)
add_account_fact(
    AccountFact(
        order=10,
        label=_("Open complaints"),
        template="complaints/facts/open.html",
        shown_to=reads_cases,
        read=open_by_account,
    )
)

__all__ = ["permissions"]
