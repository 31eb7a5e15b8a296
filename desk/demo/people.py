"""The staff of Tarpan Systems, who install and service kiosks and tills."""

from __future__ import annotations

from django.conf import settings

from core.models import User

STAFF = {
    "vera": ("Vera Holm", ["hk"], "en"),
    "anton": ("Anton Reyes", ["am"], "en"),
    "daria": ("Daria Koval", ["am"], "uk"),
    "stefan": ("Stefan Iliev", ["am"], "bg"),
    "lea": ("Lea Brandt", ["sa"], "en"),
    "yuri": ("Yuri Melnyk", ["sa"], "ru"),
    "petar": ("Petar Ganev", ["te"], "bg"),
    "oksana": ("Oksana Lys", ["te"], "uk"),
    "marta": ("Marta Weiss", ["fi"], "en"),
    "ivan": ("Ivan Soro", ["ex"], "en"),
    "admin": ("Alex Admin", ["ad"], "en"),
    "portal": ("Portal", ["api"], "en"),
}
"""Key → name, roles, language; the address is key@tarpan.example."""

SIGN_INS = [key for key, (_name, roles, _language) in STAFF.items() if roles != ["api"]]


def hire() -> dict[str, User]:
    """Return the staff by key, hired when missing; the program has no password."""
    people = {}
    for key, (name, roles, language) in STAFF.items():
        password = None if roles == ["api"] else settings.DEMO_PASSWORD
        email = f"{key}@tarpan.example"
        known = User.objects.filter(email=email).first()
        people[key] = known or User.objects.create_user(
            email, password, name=name, roles=roles, language=language, wants_mail=False
        )
    return people
