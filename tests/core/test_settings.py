import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "KAMERTON_ENV": "production",
    "SECRET_KEY": "long-and-random-" * 4,
    "BASE_URL": "https://kamerton.example",
    "DATABASE_URL": "postgresql://kamerton@/kamerton?host=/nowhere",
    "REDIS_URL": "redis://redis.example:6379/0",
    "EMAIL_URL": "smtps://me:secret@mail.example:465",
}


def start(*command, **changed):
    """Run a management command with nothing but these variables."""
    environment = {name: value for name, value in (PRODUCTION | changed).items() if value}
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be 50 or more characters"),
        ({"SECRET_KEY": "insecure-" + "k" * 60}, "SECRET_KEY must be 50 or more characters"),
        ({"BASE_URL": ""}, "BASE_URL is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"DEBUG": "1"}, "DEBUG=1 shows secrets"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"KAMERTON_ENV": "staging"}, "KAMERTON_ENV='staging' is not one of"),
        ({"WEBHOOK_ALLOW_PRIVATE": "1"}, "WEBHOOK_ALLOW_PRIVATE=1 lets webhooks reach"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL must look like"),
        ({"EMAIL_REPLY_TO": "support"}, "EMAIL_REPLY_TO must look like"),
        ({"MAILBOXES": "imap://a:b@mail.example"}, "would send the password of mail.example"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_production_does_not_start_with_a_dangerous_setting(changed, sentence):
    outcome = start("diffsettings", **changed)

    assert outcome.returncode != 0
    assert sentence in outcome.stderr


def test_production_passes_djangos_deployment_checks():
    outcome = start("check", "--deploy", "--fail-level", "WARNING")

    assert outcome.returncode == 0, outcome.stderr


def test_production_sends_cookies_only_over_tls():
    outcome = start("diffsettings")

    for line in (
        "SESSION_COOKIE_NAME = '__Host-sessionid'",
        "CSRF_COOKIE_NAME = '__Host-csrftoken'",
        "SESSION_COOKIE_SECURE = True",
        "CSRF_COOKIE_SECURE = True",
        "SECURE_SSL_REDIRECT = True",
        "SECURE_HSTS_SECONDS = 31536000",
    ):
        assert line in outcome.stdout
