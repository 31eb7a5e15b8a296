"""Webhooks and what was told to them, for administrators. A secret is shown once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.models import WebhookEndpoint
from core.pages import Request, Service, act, go_to, render_page, submit
from core.paging import page_of
from core.services import webhook as services
from core.webhook_forms import DeliveryFilterForm, EditWebhookForm, WebhookForm
from core.webhook_queries import delivery_list, endpoint_list

for_administrators = permission_required("core.add_webhook", raise_exception=True)
form_page = require_http_methods(["GET", "POST"])


@for_administrators
@require_GET
def webhooks(request: Request) -> HttpResponse:
    context = {"page": page_of(request, endpoint_list(), "-id")}
    return render_page(request, "core/webhooks.html", context, fragment="rows")


@for_administrators
@require_GET
def webhook(request: Request, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(endpoint_list(), pk=pk)
    form = DeliveryFilterForm(request.GET)
    form.is_valid()
    deliveries = delivery_list().filter(endpoint=endpoint)
    if state := form.cleaned_data.get("state"):
        deliveries = deliveries.filter(state=state)
    context = {"endpoint": endpoint, "form": form, "page": page_of(request, deliveries, "-id")}
    return render_page(request, "core/webhook.html", context, fragment="rows")


@for_administrators
@form_page
def add_webhook(request: Request) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if endpoint := submit(request, form, services.add_webhook, now=timezone.now()):
        return _secret_page(request, endpoint)
    return _form_page(request, form, _("Add a webhook"), reverse("core:webhooks"))


@for_administrators
@form_page
def edit_webhook(request: Request, pk: UUID) -> HttpResponse:
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    names = ("version", "url", "description", "owner", "events")
    form = EditWebhookForm(request.POST or None, initial={n: getattr(endpoint, n) for n in names})
    if submit(request, form, services.edit_webhook, endpoint=endpoint, now=timezone.now()):
        return go_to(request, "core:webhook", pk, says=_("Saved."))
    return _form_page(request, form, endpoint.host, reverse("core:webhook", args=[pk]))


@for_administrators
@require_POST
def rotate_webhook(request: Request, pk: UUID) -> HttpResponse:
    return _secret_page(request, _done(request, pk, services.rotate_webhook))


@for_administrators
@require_POST
def disable_webhook(request: Request, pk: UUID) -> HttpResponse:
    _done(request, pk, services.disable_webhook)
    return go_to(request, "core:webhook", pk, says=_("It is told nothing more."))


@for_administrators
@require_POST
def enable_webhook(request: Request, pk: UUID) -> HttpResponse:
    _done(request, pk, services.enable_webhook)
    return go_to(request, "core:webhook", pk, says=_("It is told again from now on."))


@for_administrators
@require_POST
def try_webhook(request: Request, pk: UUID) -> HttpResponse:
    _done(request, pk, services.try_webhook)
    return go_to(request, "core:webhook", pk, says=_("The test event leaves within 10 seconds."))


@for_administrators
@require_POST
def retry_webhook(request: Request, pk: UUID) -> HttpResponse:
    _done(request, pk, services.retry_webhook)
    return go_to(request, "core:webhook", pk, says=_("What had failed leaves within 10 seconds."))


@for_administrators
@require_POST
def resend_webhook(request: Request, pk: UUID) -> HttpResponse:
    delivery = get_object_or_404(delivery_list(), pk=pk)
    act(request, services.resend_webhook, delivery=delivery, now=timezone.now())
    return go_to(
        request, "core:webhook", delivery.endpoint_id, says=_("It leaves within 10 seconds.")
    )


def _done(request: Request, pk: UUID, service: Service) -> Any:
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    return act(request, service, endpoint=endpoint, now=timezone.now())


def _secret_page(request: Request, endpoint: WebhookEndpoint) -> HttpResponse:
    """Show the new secret; whoever sends the form twice has seen it already."""
    if not endpoint.new_secret:
        return go_to(request, "core:webhook", endpoint.pk, says=_("This was done a moment ago."))
    context = {"endpoint": endpoint, "secret": endpoint.new_secret}
    return render_page(request, "core/webhook_secret.html", context, fragment="secret")


def _form_page(request: Request, form: WebhookForm, title: str, cancel_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit": _("Save"), "cancel_url": cancel_url}
    return render_page(request, "core/form.html", context, fragment="form")
