"""The sign-in page; while the demo world is loaded it shows whom one can be."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.views import LoginView

from core.queries import demo_people


class SignInView(LoginView):  # type: ignore[misc]
    """allauth's page and its checks, with the demo's people beside the form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"demo_users": demo_people()}


sign_in: Final = SignInView.as_view()
