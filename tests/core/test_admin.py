import pytest
from django.contrib import admin as administration
from django.urls import reverse

from core.admin import ReadOnlyAdmin
from core.models import OutgoingMail
from tests.factories import AuditEntryFactory

OURS = {
    model: page
    for model, page in administration.site._registry.items()
    if isinstance(page, ReadOnlyAdmin)
}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_administrators_look_and_change_nothing(admin, sign_in, model):
    visitor = sign_in(admin)

    assert visitor.get(address(model, "changelist")).status_code == 200
    assert visitor.get(address(model, "add")).status_code == 403


def test_a_person_is_shown_and_not_edited(admin, sign_in):
    admin.set_password("Tuning-Fork-440")
    admin.save()
    visitor, url = sign_in(admin), address(type(admin), "change", admin.pk)

    page = visitor.get(url)

    assert admin.email in page.text
    assert admin.password not in page.text
    assert visitor.post(url, {"name": "Changed"}).status_code == 403
    assert visitor.post(address(type(admin), "delete", admin.pk)).status_code == 403


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "api"])
def test_nobody_else_comes_in(people, sign_in, role):
    visitor = sign_in(people[role])

    for url in ("/admin/", address(OutgoingMail, "changelist")):
        assert visitor.get(url, follow=True).status_code == 403


def test_clients_business_stays_away(admin, sign_in):
    entry = AuditEntryFactory(
        reason="secret reason", changes={"subject": ["secret old", "secret new"]}
    )
    mail = OutgoingMail.objects.create(to="c@client.test", subject="secret", body="secret")
    visitor = sign_in(admin)

    for row in (entry, mail):
        for page in (address(type(row), "changelist"), address(type(row), "change", row.pk)):
            assert "secret" not in visitor.get(page).text


def test_only_models_of_the_core_are_shown():
    labels = {model._meta.app_label for model in OURS}

    assert labels == {"core"}


def test_other_peoples_admin_pages_are_closed(admin, sign_in):
    visitor = sign_in(admin)
    foreign = [model for model in administration.site._registry if model not in OURS]

    assert foreign
    for model in foreign:
        assert visitor.get(address(model, "changelist")).status_code == 403, model


def test_the_administrations_own_password_page_leads_to_ours(admin, sign_in):
    answer = sign_in(admin).get("/admin/password_change/", follow=True)

    assert answer.redirect_chain[-1][0] == reverse("account_change_password")
