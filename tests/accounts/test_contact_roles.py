import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts import services
from accounts.models import Contact
from core.models import AuditEntry
from tests.factories import ContactFactory

DECIDES = ["decision_maker", "approver"]


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def typed(contact):
    """What the form of the card sends when nothing was changed."""
    return {
        "version": contact.version, "name": contact.name, "emails": ", ".join(contact.emails),
        "phones": "", "language": "en", "preferred_channel": "phone", "state": "active",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["am", "hk"])
def test_manager_and_heads_say_who_decides(people, contact, role, now):
    services.edit_contact(actor=people[role], contact=contact, fields={"roles": DECIDES}, now=now)

    assert (contact.roles, contact.decides) == (DECIDES, True)
    assert AuditEntry.objects.get(verb="accounts.edit_contact").changes["roles"] == [[], DECIDES]


@pytest.mark.parametrize(
    ("roles", "decides"),
    [([], False), (["champion"], True), (["approver", "buyer"], False), (DECIDES, True)],
)
def test_decision_makers_and_champions_decide(roles, decides):
    assert Contact(roles=roles).decides is decides


def test_support_changes_the_card_but_not_who_decides(agent, account, contact, now):
    fields = {"title": "Buyer", "roles": contact.roles}
    services.edit_contact(actor=agent, contact=contact, fields=fields, now=now)

    assert contact.title == "Buyer"
    with pytest.raises(PermissionDenied):
        services.edit_contact(actor=agent, contact=contact, fields={"roles": DECIDES}, now=now)
    fields = {"name": "Tom Vidal", "roles": DECIDES}
    with pytest.raises(PermissionDenied):
        services.add_contact(actor=agent, account=account, fields=fields, now=now)
    services.add_contact(actor=agent, account=account, fields={"name": "Tom Vidal"}, now=now)


def test_part_in_decisions_is_ticked_on_the_card(sign_in, manager, account, contact, typed):
    window = sign_in(manager)

    window.post(page("edit_contact", contact), typed | {"roles": ["champion", "user"]})

    contact.refresh_from_db()
    assert contact.roles == ["champion", "user"]
    assert "Champion (sponsor), User" in text(window.get(page("contact", contact)))
    assert "decides" in text(window.get(page("detail", account)))


def test_support_is_not_asked_who_decides(sign_in, agent, account, contact, typed):
    Contact.objects.update(roles=DECIDES)
    window = sign_in(agent)

    window.post(page("edit_contact", contact), typed | {"title": "Buyer"})

    contact.refresh_from_db()
    assert (contact.title, contact.roles) == ("Buyer", DECIDES)
    for form in (page("add_contact", account), page("edit_contact", contact)):
        assert "Part in decisions" not in text(window.get(form))


def test_people_without_a_say_are_not_marked(sign_in, manager, account):
    ContactFactory(account=account, roles=["gatekeeper"])

    assert "decides" not in text(sign_in(manager).get(page("detail", account)))


def test_roles_are_read_and_written_over_rest(rest, manager, agent, contact):
    url = f"/api/v1/contacts/{contact.pk}"

    changed = rest(manager).patch(url, {"roles": DECIDES}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["roles"]) == (200, DECIDES)
    body, seen = {"title": "Director"}, {"If-Match": changed["ETag"]}
    assert rest(agent).patch(url, body, headers=seen).status_code == 200
    body, seen = {"roles": []}, {"If-Match": '"3"'}
    assert rest(agent).patch(url, body, headers=seen).status_code == 403
    body = {"roles": ["oracle"]}
    assert rest(manager).patch(url, body, headers=seen).status_code == 400
