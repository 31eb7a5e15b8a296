"""The Celery application and the timetable of every timer.

Every entry is an interval tick that claims due rows from the database. A tick that waited
longer than its interval is dropped: the next one finds the same rows.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TICK_SECONDS = 10

app = Celery("kamerton")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "core.run_timers": TICK_SECONDS,
        "core.deliver_mail": TICK_SECONDS,
        "core.deliver_webhooks": TICK_SECONDS,
        "complaints.fetch_mail": 60,
        "core.tidy_up": 3600,
        "sla.close_months": 3600,
        "sla.watch": 3600,
    }.items()
}
