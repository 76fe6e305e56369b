"""Every setting of Caseward, read from the environment by small typed readers.

A setting has a default that is safe. `caseward` (the command-line program) fills in the database
addresses and the secret key of the embedded PostgreSQL before Django reads this file.
"""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def whole_number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit():
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    return int(value)


def switch(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError(f"{name} must be 1 or 0, got {value!r}")
    return value in {"1", "true", "yes", "on"}


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str, *, pool: bool) -> dict[str, Any]:
    """Read `postgresql://user:password@host:port/name?host=/socket/folder` into Django's words."""
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    host = unquote(options.pop("host", "")) or parts.hostname or ""
    extra: dict[str, Any] = {name: unquote(value) for name, value in options.items()}
    extra["prepare_threshold"] = 5  # for statements that ask for it; the ORM's are not prepared
    if pool:
        extra["pool"] = {"min_size": 1, "max_size": DATABASE_POOL_SIZE, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": extra,
        "CONN_HEALTH_CHECKS": not pool,
    }


def version(folder: Path) -> str:
    """Return letters that stand for the content of a folder's styles, scripts and pictures."""
    digest = hashlib.sha256()
    for kind in ("css", "js", "img", "vendor"):
        for file in sorted((folder / kind).rglob("*")):
            if file.suffix in {".css", ".js", ".svg", ".lock"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


# Where things are
DATA = Path(text("DATA", str(BASE_DIR / ".data"))).resolve()
PORT = whole_number("PORT", 8000)
LIVE_PORT = whole_number("CASEWARD_LIVE_PORT", PORT + 1)
SMTP_HOST = text("CASEWARD_SMTP_HOST", "127.0.0.1")
SMTP_PORT = whole_number("SMTP_PORT", 2525)
BASE_URL = text("CASEWARD_BASE_URL", f"http://127.0.0.1:{PORT}")
LIVE_URL = text("CASEWARD_LIVE_URL")  # empty: same host as the page, port LIVE_PORT
ATTACHMENTS = DATA / "attachments"

# Safety
DEBUG = switch("CASEWARD_DEBUG", False)
SECRET_KEY = text("CASEWARD_SECRET_KEY", "only-for-help-texts" if DEBUG else "unset")
ALLOWED_HOSTS = words("CASEWARD_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = words("CASEWARD_TRUSTED_ORIGINS", "")
HTTPS = switch("CASEWARD_HTTPS", False)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "caseward.web.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [
        CSP.SELF,
        *([LIVE_URL] if LIVE_URL.startswith("http") else []),
        *(f"http://{host}:{LIVE_PORT}" for host in ("127.0.0.1", "localhost")),
    ],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}

# PostgreSQL: `default` may do what row-level security lets it, `owner` migrates
DATABASE_POOL_SIZE = whole_number("CASEWARD_DATABASE_POOL", 8)
DATABASE_URL = text("DATABASE_URL")
OWNER_DATABASE_URL = text("CASEWARD_OWNER_DATABASE_URL", DATABASE_URL)
DATABASES = {
    "default": database(DATABASE_URL, pool=switch("CASEWARD_DATABASE_POOLED", True)),
    "owner": database(OWNER_DATABASE_URL, pool=False),
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Mail
MAIL_DOMAIN = text("CASEWARD_MAIL_DOMAIN", "caseward.example")
SMTP_URL = text("SMTP_URL")  # empty: nothing leaves, the mail viewer shows what was sent
MAIL_SIZE_LIMIT = whole_number("CASEWARD_MAIL_SIZE_LIMIT", 25_000_000)
MAIL_RECIPIENT_LIMIT = whole_number("CASEWARD_MAIL_RECIPIENT_LIMIT", 100)
MAIL_CONNECTION_LIMIT = whole_number("CASEWARD_MAIL_CONNECTION_LIMIT", 200)
LMTP = text("CASEWARD_LMTP")  # a port of this machine or the path of a socket; empty: none
SMTP_CERTIFICATE = text("CASEWARD_SMTP_CERTIFICATE")  # a PEM file; empty: no STARTTLS
SMTP_KEY = text("CASEWARD_SMTP_KEY")  # empty: the key is in the certificate's file
UNDO_SECONDS = whole_number("CASEWARD_UNDO_SECONDS", 10)
OFFER_SECONDS = whole_number("CASEWARD_OFFER_SECONDS", 45)
SURVEY_AFTER_MINUTES = whole_number("CASEWARD_SURVEY_AFTER_MINUTES", 30)
CLOSE_AFTER_DAYS = whole_number("CASEWARD_CLOSE_AFTER_DAYS", 7)
KEEP_SENT_MAIL_DAYS = whole_number("CASEWARD_KEEP_SENT_MAIL_DAYS", 365)

# Escalations and emergencies
ESCALATION_PICKUP_MINUTES = whole_number("CASEWARD_ESCALATION_PICKUP_MINUTES", 60)
ESCALATION_MOST_RETURNS = whole_number("CASEWARD_ESCALATION_MOST_RETURNS", 2)
EMERGENCY_PAGE_MINUTES = whole_number("CASEWARD_EMERGENCY_PAGE_MINUTES", 5)
EMERGENCY_DECISION_MINUTES = whole_number("CASEWARD_EMERGENCY_DECISION_MINUTES", 60)
CRISIS_MACRO = text("CASEWARD_CRISIS_MACRO", "crisis")
DECOMPRESSION_MINUTES = whole_number("CASEWARD_DECOMPRESSION_MINUTES", 15)
WEBHOOK_SECRET = text("CASEWARD_WEBHOOK_SECRET")  # empty: made from the secret key
WEBHOOK_PRIVATE = switch("CASEWARD_WEBHOOK_PRIVATE", False)

# Files
UPLOAD_SIZE_LIMIT = whole_number("CASEWARD_UPLOAD_SIZE_LIMIT", 10_000_000)
UPLOAD_COUNT_LIMIT = whole_number("CASEWARD_UPLOAD_COUNT_LIMIT", 5)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FORM_LIMIT_PER_HOUR = whole_number("CASEWARD_FORM_LIMIT_PER_HOUR", 20)

# Programs that call us
API_LIMIT_PER_MINUTE = whole_number("CASEWARD_API_LIMIT_PER_MINUTE", 300)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "ninja",
    "caseward.ledger",
    "caseward.org",
    "caseward.policy",
    "caseward.wellbeing",
    "caseward.sla",
    "caseward.routing",
    "caseward.casework",
    "caseward.automation",
    "caseward.channels",
    "caseward.quality",
    "caseward.metrics",
    "caseward.web",
    "caseward.api",
    "caseward.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "caseward.web.middleware.KeptByNoCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "caseward.web.middleware.SpeaksOneLanguage",
    "caseward.web.middleware.ExplainsButtons",
    "caseward.web.middleware.SaysWhoActs",
]

ROOT_URLCONF = "caseward.urls"
WSGI_APPLICATION = "caseward.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "caseward.web.context.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "caseward" / "web" / "jinja2"],
        "OPTIONS": {"environment": "caseward.web.jinja.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.Jinja2"  # a field costs a third of Django's own

# People
AUTH_USER_MODEL = "org.StaffMember"
AUTHENTICATION_BACKENDS = ["caseward.org.signing_in.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("hi", "हिन्दी"),
    ("ms", "Bahasa Melayu"),
    ("ta", "தமிழ்"),
    ("zh-hans", "简体中文"),
]
LOCALE_PATHS = [BASE_DIR / "caseward" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# The address of a file changes with the content of all, so a browser may keep each for ever.
STATIC_URL = f"/static/{version(BASE_DIR / 'caseward' / 'web' / 'static')}/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^" + STATIC_URL

# Background work: only `caseward worker` loads what it does
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discreet": {"()": "caseward.core.discreet_logs.HidesLinks"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["discreet"],
        }
    },
    "root": {"handlers": ["stderr"], "level": text("CASEWARD_LOG_LEVEL", "INFO")},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # else two lines for every job
}
SILENCED_SYSTEM_CHECKS: list[str] = []
