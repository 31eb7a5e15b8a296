"""The one place where the pages and the REST resources of all apps meet."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

import accounts.api
import complaints.api
import core.rest.api
import desk.api
import sla.api
from complaints.views import notice_page
from core import calendar_api, user_api, webhook_api
from core.urls import notification_urls
from core.views import home, probes, profile

handler400 = "core.views.errors.bad_request"
handler403 = "core.views.errors.permission_denied"
handler404 = "core.views.errors.not_found"
handler429 = "core.views.errors.too_many"
handler500 = "core.views.errors.server_error"

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

router = SimpleRouter(trailing_slash=False)
for resources in (
    core.rest.api,
    user_api,
    calendar_api,
    webhook_api,
    accounts.api,
    sla.api,
    complaints.api,
    desk.api,
):
    resources.register(router)

docs = login_required(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("", home.home, name="home"),
    path("auth/", include("core.auth_urls")),
    # The administration's own password page would go around our service.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="core:change_password"),
    ),
    path("admin/", admin.site.urls),
    path("api/v1/", include(router.urls)),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs", docs, name="docs"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.show_metrics, name="metrics"),
    path("language/", profile.set_language, name="set_language"),
    path("notifications/", include(notification_urls)),
    path("calendars/", include("core.calendar_urls")),
    path("", include("core.urls")),
    path("accounts/", include("accounts.urls")),
    path("sla/", include("sla.urls")),
    path("complaints/", include("complaints.urls")),
    path("c/", include("complaints.client_urls")),
    path("n/<str:token>/", notice_page.notice_page, name="notice_page"),
    path("", include("desk.urls")),
]
