"""Settings. Everything a site may change comes from the environment; the defaults are safe on an intranet.

TAIZHANG_HOME   where the data live (database, blobs, sessions, secret key); default ./var
TAIZHANG_DEMO   1: demo accounts are shown on the login page, /look/ and /demo/ exist
TAIZHANG_TODAY  a fixed "today" for demo and tests; every page says so
TAIZHANG_HOSTS  names under which the site is served, comma separated
TAIZHANG_RESERVE_MB  how much of the disk stays free: below that uploads are refused before they are read; default 500
TAIZHANG_OCR    0: pictures and scans are kept but not read, for a machine that has no time for it; default 1
TAIZHANG_START_PASSWORD_DAYS  for how many days a start password may be used; default 14
"""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("TAIZHANG_HOME", "var")).resolve()
DEMO = os.environ.get("TAIZHANG_DEMO") == "1"
#: of every demo account; it stands on the login page, in demo mode only
DEMO_PASSWORD = "yanshi-2020"
TODAY = os.environ.get("TAIZHANG_TODAY", "")
DEBUG = False
#: `taizhang standard read` only looks at a file: then no folder and no key is made
WRITES = os.environ.get("TAIZHANG_WRITES", "1") == "1"


def _secret_key() -> str:
    """The site's key: made once, kept beside the data, readable by the owner only."""
    if not WRITES:
        return secrets.token_urlsafe(48)
    path = HOME / "secret.key"
    try:
        return path.read_text()
    except FileNotFoundError:
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text()
        with os.fdopen(handle, "w") as out:
            key = secrets.token_urlsafe(48)
            out.write(key)
        return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = [
    name for name in os.environ.get("TAIZHANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if name
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "taizhang.kit",
    "taizhang.journal",
    "taizhang.org",
    "taizhang.standards",
    "taizhang.evidence",
    "taizhang.campaigns",
    "taizhang.ledger",
    "taizhang.reports",
    "taizhang.desk",
    "taizhang.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "taizhang.org.middleware.LoginMiddleware",
    "taizhang.org.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "taizhang.config.urls"
WSGI_APPLICATION = "taizhang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "taizhang.config.frame.frame",
            ],
            "builtins": ["taizhang.config.templatetags.look"],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "taizhang.kit.sqlite",
        "NAME": HOME / "taizhang.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=0;PRAGMA trusted_schema=OFF;"
            ),
        },
        # on disk, as in production: a database in memory has neither WAL nor locks
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "taizhang.org.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "taizhang.org.passwords.Strength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
#: days for which a start password may be used; after that the keeper of accounts gives out another one
START_PASSWORD_DAYS = int(os.environ.get("TAIZHANG_START_PASSWORD_DAYS", "14"))
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "login"

# lock-out: five failures of one account, from wherever, half an hour
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # half an hour is half an hour
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "taizhang.org.views.locked_out"
# by account alone: an office shares one address, which must not lock out all of it
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# sessions are files: a page view must not become a write in the database
SESSION_ENGINE = "taizhang.kit.sessions"  # files that no key can be read from
SESSION_FILE_PATH = str(HOME / "sessions")
SESSION_COOKIE_AGE = 30 * 60  # idle time-out in seconds
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS: list[Path] = []
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": True}}

# where bytes lie: see kit.files
BLOBS = HOME
#: volumes, folders and albums that were bound: made from what lies in the store, and can be made again
BOUND = HOME / "bound"
#: pages drawn for the screen: derived, bounded, may be thrown away at any time
PREVIEWS = HOME / "previews"
WEB_THREADS = 2  # of each web process; half of them at most wait for a page to be drawn
#: whether pictures and scans are read (OCR takes seconds of a core for each); text in files is always read
READS_PICTURES = os.environ.get("TAIZHANG_OCR", "1") == "1"
#: uploads are refused before the disk is full: reading and signing must go on
RESERVE = int(os.environ.get("TAIZHANG_RESERVE_MB", "500")) * 2**20
UPLOAD_MAX_BYTES = 500 * 2**20
IMPORT_MAX_BYTES = 20 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "taizhang.kit.uploads.Incoming",  # deletes at once what breaks off
]
FILE_UPLOAD_TEMP_DIR = str(HOME / "incoming")
if WRITES:
    for folder in ("incoming", "sessions", "static"):
        (HOME / folder).mkdir(parents=True, exist_ok=True)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF, "'unsafe-inline'"],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # one line per job is a full disk in a year
    "loggers": {"django_tasks": {"level": "WARNING"}, "django_tasks_db": {"level": "WARNING"}},
}
