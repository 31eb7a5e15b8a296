"""One settings module; every difference between deployments is an environment variable."""

from __future__ import annotations

import logging
import os
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured

from config.env import Env

env = Env(os.environ)
BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = env.choice("KAMERTON_ENV", "development", "production") == "production"
TESTING = "pytest" in sys.modules

LEAST_SECRET = 50
SECRET_KEY = env.text("SECRET_KEY", None if PRODUCTION else "insecure-development-key-" + "k" * 40)
DEBUG = env.flag("DEBUG", default=False)
BASE_URL = env.text("BASE_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(BASE_URL).hostname or "")
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG=1 shows secrets to strangers. Unset DEBUG in production.")
    if SECRET_KEY.startswith("insecure") or len(SECRET_KEY) < LEAST_SECRET:
        raise ImproperlyConfigured("SECRET_KEY must be 50 or more characters that nobody knows.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; '*' is open to all.")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "template_partials",
    "django_htmx",
    "django_filters",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "core",
    "accounts",
    "sla",
    "pricing",
    "complaints",
    "desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.SecurityHeaders",
    "core.middleware.InputGuard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.HostCheck",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "core.middleware.PersonalSettings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.HtmxSignIn",
    "core.middleware.RefusalPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "core.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "core.templatetags.kamerton"],
        },
    }
]
FORM_RENDERER = "core.forms.Renderer"

# Limits keep one slow or stuck request from holding rows that the timers need.
DATABASE_OPTIONS = {
    "statement_timeout": env.number("DB_STATEMENT_TIMEOUT_MS", default=15_000),
    "lock_timeout": 5_000,
    "idle_in_transaction_session_timeout": 30_000,
    # One typo in a short word still is that word.
    "pg_trgm.word_similarity_threshold": 0.45,
}
DATABASES = {
    "default": env.database("DATABASE_URL", None if PRODUCTION else "postgresql:///kamerton")
    | {
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in DATABASE_OPTIONS.items()),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL, CACHE_URL = env.redis("REDIS_URL", None if PRODUCTION else "redis://127.0.0.1:6379/0")
BROKER_TIMEOUTS = {"socket_timeout": 2, "socket_connect_timeout": 1}
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "kamerton",
        "OPTIONS": BROKER_TIMEOUTS,
    }
}

CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_TIMEOUTS | {"socket_keepalive": True}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
# The timetable is intervals only, so the scheduler needs no file of its own.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "core.sign_in.StaffOnlyAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Kamerton"
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES", default=120, least=1) * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.views.errors.csrf_failure"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("uk", "Українська"), ("bg", "Български")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Europe/Sofia")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
ATTACHMENT_MAX_BYTES = env.number("ATTACHMENT_MAX_MB", default=20, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

mail = urlsplit(env.text("EMAIL_URL", "console://"))
EMAIL_BACKENDS = {"console": "console", "smtp": "smtp", "smtps": "smtp", "memory": "locmem"}
if mail.scheme not in EMAIL_BACKENDS:
    raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587.")
EMAIL_BACKEND = f"django.core.mail.backends.{EMAIL_BACKENDS[mail.scheme]}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = mail.hostname or "localhost", mail.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
EMAIL_USE_SSL = mail.scheme == "smtps"
EMAIL_USE_TLS = mail.scheme == "smtp" and bool(mail.username)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Kamerton <kamerton@localhost>")
EMAIL_REPLY_TO = env.text("EMAIL_REPLY_TO", "").lower()
if EMAIL_REPLY_TO and not re.fullmatch(r"[^@+\s]{1,24}@[^@\s]+", EMAIL_REPLY_TO):
    raise ImproperlyConfigured(
        "EMAIL_REPLY_TO must look like support@company.example, with at most 24 characters "
        "before the @: Kamerton adds +number and a secret there."
    )
MAILBOXES = env.mailboxes("MAILBOXES")
LETTER_MAX_BYTES = env.number("LETTER_MAX_MB", default=25, least=1) * 1024 * 1024

WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", default=False)
if PRODUCTION and WEBHOOK_ALLOW_PRIVATE:
    raise ImproperlyConfigured(
        "WEBHOOK_ALLOW_PRIVATE=1 lets webhooks reach our own network. Unset it in production."
    )

API_RATE_PER_MINUTE = env.number("API_RATE_PER_MINUTE", default=600, least=1)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.rest.tokens.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.rest.tokens.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.rest.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["core.rest.throttle.TokenRate"],
    "DEFAULT_PAGINATION_CLASS": "core.rest.pages.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["core.rest.filters.FormFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "core.rest.schema.KamertonSchema",
    "EXCEPTION_HANDLER": "core.rest.problems.problem_response",
    "NON_FIELD_ERRORS_KEY": "",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kamerton",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Key clients: complaints, service levels, prices, concessions and promises.",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "AccountCountryEnum": "django_countries.countries",
        "AccountKindEnum": "accounts.models.account.Account.Kind",
        "ApologyFormEnum": "complaints.models.recovery.Apology.Form",
        "ApprovalKindEnum": "sla.models.contract.Approval.Kind",
        "ChannelEnum": "complaints.models.complaint.Complaint.Channel",
        "CaseReviewStateEnum": "complaints.models.review.CaseReview.State",
        "ClockMetricEnum": "sla.models.measures.Metric",
        "ComplaintImportStateEnum": "complaints.models.imports.ComplaintImport.State",
        "ComplaintStateEnum": "complaints.models.complaint.Complaint.State",
        "ContactRoleEnum": "accounts.models.contact.Contact.Role",
        "ContactStateEnum": "accounts.models.contact.Contact.State",
        "ContractStateEnum": "sla.models.contract.Contract.State",
        "CreditStateEnum": "sla.models.attainment.Credit.State",
        "ExclusionKindEnum": "sla.models.contract.Exclusion.Kind",
        "LanguageEnum": "config.settings.LANGUAGES",
        "CallOutcomeEnum": "complaints.serializers.callback.OUTCOME_CHOICES",
        "LetterOutcomeEnum": "complaints.models.correspondence.InboundMail.Outcome",
        "MakeGoodStateEnum": "complaints.models.recovery.MakeGood.State",
        "NoticeKindEnum": "complaints.models.notice.Notice.Kind",
        "NoticeStateEnum": "complaints.models.notice.Notice.State",
        "ProblemStateEnum": "complaints.models.review.Problem.State",
        "RecipientStateEnum": "complaints.models.recipient.Recipient.State",
        "RemedyStateEnum": "complaints.models.recovery.Remedy.State",
        "TellingChannelEnum": "complaints.serializers.recovery.CHANNELS",
        "TimeZoneEnum": "core.user_forms.ZONES",
        "TouchKindEnum": "accounts.models.touch.Touch.Kind",
        "UserRoleEnum": "core.models.user.Role",
        "WebhookDeliveryStateEnum": "core.models.webhook.WebhookDelivery.State",
        "WebhookEventEnum": "core.webhook_serializers.EVENTS",
        "WebhookStateEnum": "core.models.webhook.WebhookEndpoint.State",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
REST_KNOX = {"TOKEN_MODEL": "core.ApiToken", "TOKEN_TTL": None, "AUTO_REFRESH": False}
KNOX_TOKEN_MODEL = "core.ApiToken"  # noqa: S105 -- a model's name, not a secret
# Our token has a table of its own; knox's would stay empty and could not be flushed by tests.
MIGRATION_MODULES = {"knox": None}

HOSPITALITY_LIMIT = env.money("HOSPITALITY_LIMIT", "50.00 EUR")
"""Per guest and event; a head approves what is above it, or in another currency."""

STAFF_HOUR_RATE = env.money("STAFF_HOUR_RATE", "38.50 EUR")[0]
"""What an hour of our people costs, in the cost of poor service of a complaint."""

# Django looks for unique=True; our constraint one_user_per_email ignores case as well.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEMO_PASSWORD = "kamerton-demo"  # noqa: S105 -- printed on purpose, only by the demo world
try:
    RELEASE = version("kamerton")
except PackageNotFoundError:
    RELEASE = "0.1.0"

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Without local variables: they hold what people typed.
                structlog.processors.ExceptionRenderer(
                    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
                ),
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    # Our own line per request tells the same, with its id and without the address's query.
    "loggers": {"django.request": {"level": "CRITICAL"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.text("LOG_LEVEL", "WARNING" if TESTING else "INFO"),
    },
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
