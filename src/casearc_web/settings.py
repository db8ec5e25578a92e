"""Django's settings, made from the agency's `casearc.toml` and the unlocked keys.

Nothing secret is written here or read from the environment.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from casearc_web import configuration, keys
from casearc_web.errors import LockedError

_HERE = Path(__file__).parent
_agency = configuration.current()


def _secret() -> str:
    """Signs sessions and forms. Without the keys there is none, and nothing that needs one works."""
    try:
        return keys.current().sessions.hex()
    except LockedError:
        return ""


def _database() -> dict[str, Any]:
    if _agency.engine == "postgresql":
        return configuration.postgresql_database(_agency.connection)
    return {
        "ENGINE": "casearc_web.sqlcipher",
        "NAME": str(_agency.database),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(_agency.folder / "test.db")},  # a file: what is in memory would not be encrypted
    }


DEBUG = False
SECRET_KEY = _secret()
ALLOWED_HOSTS = list(_agency.allowed_hosts)
ROOT_URLCONF = "casearc_web.urls"
WSGI_APPLICATION = "casearc_web.wsgi.application"
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "agencies.StaffMember"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "casearc_web.shell",
    "casearc_web.records",
    "casearc_web.agencies",
    "casearc_web.audit",
    "casearc_web.vault",
    "casearc_web.access",
    "casearc_web.signin",
    "casearc_web.drafts",
    "casearc_web.staff",
    "allauth",  # after the apps above, whose templates stand in for its own
    "allauth.account",
    "allauth.mfa",
    "axes",
    "casearc_web.clients",
    "casearc_web.consent",
    "casearc_web.enrollments",
    "casearc_web.casework",
    "casearc_web.needs",
    "casearc_web.goals",
    "casearc_web.surveys",
    "casearc_web.analysis_export",
    "casearc_web.outcomes",
    "casearc_web.retention",
    "casearc_web.imports",
    "django.forms",  # after the shell, whose templates stand in for some of its own
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "casearc_web.access.middleware.AccessMiddleware",
    "casearc_web.drafts.middleware.RepeatedFormMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "casearc_web.shell.context.shell",
                "casearc_web.access.context.navigation",
                "casearc_web.drafts.context.draft_key",
            ],
        },
    }
]
FORM_RENDERER = "casearc_web.shell.renderer.ShellRenderer"

LANGUAGE_CODE = _agency.language
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _agency.time_zone
CASEARC_SERVICE_NAME = _agency.service_name

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "casearc_web.signin.backends.StaffBackend",
]
SESSION_ENGINE = "casearc_web.signin.sessions"
SESSION_COOKIE_AGE = 3 * 24 * 60 * 60  # long over, a session still tells whose late form this is; it opens nothing
CACHES = {  # in the database, so that tries count and one-time codes are spent for all processes together
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "signin_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_COOKIE_NAME = "s"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "c"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "casearc_web.shell.views.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _agency.behind_tls
SECURE_HSTS_SECONDS = 31_536_000 if _agency.behind_tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _agency.behind_tls else None
SECURE_REFERRER_POLICY = "same-origin"  # without it browsers send forms with "Origin: null", which Django refuses
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
ACCOUNT_ADAPTER = "casearc_web.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth wants them named
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_METHODS = {"mfa"}
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key"}  # of a second factor; passwords are counted by axes
ACCOUNT_FORMS = {"login": "casearc_web.signin.forms.SignInForm"}
MFA_ADAPTER = "casearc_web.signin.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there is no mail
MFA_FORMS = {
    "authenticate": "casearc_web.signin.forms.CodeForm",
    "reauthenticate": "casearc_web.signin.forms.CodeAgainForm",
    "authenticate_webauthn": "casearc_web.signin.forms.PasskeyForm",
    "reauthenticate_webauthn": "casearc_web.signin.forms.PasskeyAgainForm",
    "login_webauthn": "casearc_web.signin.forms.PasskeyAloneForm",
    "activate_totp": "casearc_web.signin.forms.AddAppForm",
    "add_webauthn": "casearc_web.signin.forms.AddPasskeyForm",
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in stands in the audit log
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "casearc_web.signin.tries.name_digest"
AXES_CLIENT_IP_CALLABLE = "casearc_web.signin.tries.address_of"
AXES_CLIENT_STR_CALLABLE = "casearc_web.signin.tries.nobody"
AXES_LOCKOUT_CALLABLE = "casearc_web.signin.tries.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "password", "ip_address"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = ["casearc_web.imports.receiving.Receiver"]  # takes files on one page, and never onto the disk
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "casearc_web.quiet.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
