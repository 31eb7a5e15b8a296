"""What the desk tells the core when the server starts."""

from django.utils.translation import gettext_lazy as _

from accounts.queries import reads_cases
from core.nav import Place, add_place

add_place(
    Place(
        order=10,
        label=_("My day"),
        url_name="desk:my_day",
        icon="sun",
        shown_to=reads_cases,
        hotkey="g d",
    )
)
