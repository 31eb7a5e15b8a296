import pytest

from core.models import WebhookEndpoint
from core.services import webhook as services
from core.webhooks.post import trusted
from tests.core.webhooks.receiver import Receiver, write_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    return write_certificate(path, "localhost", "hooks.example")


@pytest.fixture
def receiver(certificate, settings, monkeypatch):
    """Start a server whose certificate we trust, on an address that we may reach."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted.cache_clear()
    server = Receiver(certificate)
    yield server
    server.stop()
    trusted.cache_clear()


@pytest.fixture
def add(admin, now):
    """Return a function that adds a webhook, of the house unless said; `new_secret` is its key."""

    def add_one(url="https://hooks.example/in", *, events=(), owner=None, description=""):
        return services.add_webhook(
            actor=admin, url=url, description=description, events=events, owner=owner, now=now
        )

    return add_one


@pytest.fixture
def reload():
    return lambda endpoint: WebhookEndpoint.objects.get(pk=endpoint.pk)
