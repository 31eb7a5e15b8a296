"""What is measured, and how grave a complaint is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.TextChoices):
    P1 = "p1", _("P1 critical")
    P2 = "p2", _("P2 high")
    P3 = "p3", _("P3 normal")
    P4 = "p4", _("P4 low")


class Metric(models.TextChoices):
    FIRST_RESPONSE = "first_response", _("First response")
    NEXT_RESPONSE = "next_response", _("Next response")
    UPDATE = "update", _("Regular update")
    WORKAROUND = "workaround", _("Workaround")
    RESOLUTION = "resolution", _("Resolution")
