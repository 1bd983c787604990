"""Every setting of the project, read from the environment.

Each name may also be given as NAME_FILE, the path of a file that holds the value (for secrets).
docs/configuration.md describes them all; a test compares the two. What is fixed and long stands beside: logs.py,
storage.py, rest.py.
"""

from pathlib import Path

from csp.constants import NONE, SELF

from trey_compliance import logs, rest, storage
from trey_compliance.environment import Environment, appendable, made, no_file
from trey_compliance.secret_key import kept_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.read_file("ENV_FILE", default=".env", root=BASE_DIR)

# What it is and where it keeps things
DEBUG = env.bool("DEBUG", default=False)
VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")
SECRET_KEY = env.secret("SECRET_KEY") or kept_secret_key(VAR_DIR / "secret_key")
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_TZ = True
LANGUAGE_CODE = "en-gb"

# Who may reach it
ALLOWED_HOSTS = env.names_of_site("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
HTTPS = env.bool("HTTPS", default=False)
METRICS_TOKEN = env.token("METRICS_TOKEN")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "trey_compliance",
    "audit",
    "mlops",
    "components",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "trey_compliance.middleware.refuse_broken_forms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "audit.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "trey_compliance.urls"
WSGI_APPLICATION = "trey_compliance.wsgi.application"

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
            ],
        },
    },
]

# Data
DATABASES = {"default": storage.database(env.database("DATABASE_URL", default=VAR_DIR / "db.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis("REDIS_URL")
CACHES = {"default": storage.cache(REDIS_URL)}

# People
AUTH_USER_MODEL = "components.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env.whole("LOGIN_FAILURE_LIMIT", default=5, least=1, most=1000)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True

# The browser's orders
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# The probes of an orchestrator come without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = made(VAR_DIR / "static", name="VAR_DIR")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST

# REST
# 256 texts of 10,000 characters, each up to four bytes or a six-byte escape, are still below this.
REQUEST_BODY_LIMIT = env.whole("REQUEST_BODY_LIMIT", default=16 * 1024**2, least=1, most=1024**3)
API_REQUESTS_PER_MINUTE = env.whole("API_REQUESTS_PER_MINUTE", default=600, least=0, most=1_000_000)
TOKEN_MEMORY_SECONDS = env.seconds("TOKEN_MEMORY_SECONDS", default=5, least=0, most=3600)
REST_FRAMEWORK = rest.FRAMEWORK
SPECTACULAR_SETTINGS = rest.SCHEMA
REST_KNOX = rest.TOKENS

# Reviews
REVIEW_LEASE_SECONDS = env.whole("REVIEW_LEASE_SECONDS", default=120, least=10, most=86_400)

# The model
MODEL_DIR = made(BASE_DIR / env.str("MODEL_DIR", default=str(VAR_DIR / "models")), name="MODEL_DIR")
MODEL_THREADS = env.whole("MODEL_THREADS", default=1, least=1, most=256)
MODEL_WATCH_SECONDS = env.seconds("MODEL_WATCH_SECONDS", default=2, least=0.1, most=3600)

# Where model versions come from
REGISTRY = env.choice("REGISTRY", default="local", of=("local", "azureml", "mlflow"))
REGISTRY_MODEL = env.model_name("REGISTRY_MODEL", default="component-compliance")
REGISTRY_SYNC_SECONDS = env.whole("REGISTRY_SYNC_SECONDS", default=600, least=10, most=86_400)
REGISTRY_DIR = no_file(BASE_DIR / env.str("REGISTRY_DIR", default=str(VAR_DIR / "registry")), name="REGISTRY_DIR")
AZURE_SUBSCRIPTION_ID = env.guid("AZURE_SUBSCRIPTION_ID")
AZURE_RESOURCE_GROUP = env.azure_name("AZURE_RESOURCE_GROUP")
AZURE_ML_WORKSPACE = env.azure_name("AZURE_ML_WORKSPACE")
AZURE_ML_DATASTORE = env.azure_name("AZURE_ML_DATASTORE", default="workspaceblobstore")
AZURE_CREDENTIAL = env.choice(
    "AZURE_CREDENTIAL",
    default="managed_identity",
    of=("managed_identity", "workload_identity", "environment", "developer"),
)
MLFLOW_TRACKING_URI = env.server("MLFLOW_TRACKING_URI")
BUNDLE_SIGNERS = env.file("BUNDLE_SIGNERS", root=BASE_DIR)
MODEL_DIR_BYTES = env.whole("MODEL_DIR_BYTES", default=10 * 1024**3, least=1024**2, most=1024**5)
VERIFY_SECONDS = env.whole("VERIFY_SECONDS", default=300, least=1, most=86_400)
VERIFY_MEMORY_BYTES = env.whole("VERIFY_MEMORY_BYTES", default=4 * 1024**3, least=256 * 1024**2, most=1024**5)

# Which of them is the best
BEST_LEAST_ACCURACY = env.share("BEST_LEAST_ACCURACY", default=0.9)
BEST_LEAST_RECALL = env.share("BEST_LEAST_RECALL", default=0.9)
BEST_MOST_CALIBRATION_ERROR = env.share("BEST_MOST_CALIBRATION_ERROR", default=0.05)
BEST_MOST_LATENCY_MS = env.whole("BEST_MOST_LATENCY_MS", default=100, least=1, most=60_000)
BEST_MARGIN = env.share("BEST_MARGIN", default=0.005)
BEST_CHEAPER = env.share("BEST_CHEAPER", default=0.2)

# The record of what was done
AUDIT_ANCHORS = appendable(
    BASE_DIR / env.str("AUDIT_ANCHORS", default=str(VAR_DIR / "anchors.jsonl")), name="AUDIT_ANCHORS"
)

# The servers that `manage.py up` starts
HOST = env.host("HOST", default="127.0.0.1")
PORT = env.whole("PORT", default=8000, least=1, most=65_535)
WEB_PROCESSES = env.whole("WEB_PROCESSES", default=1, least=1, most=256)
WEB_THREADS = env.whole("WEB_THREADS", default=8, least=1, most=256)
WORKER_THREADS = env.whole("WORKER_THREADS", default=2, least=1, most=256)

# Tasks
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "trey_compliance.file_queue:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = {} if REDIS_URL else storage.queue(VAR_DIR / "queue")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# One process holds the model once, whatever the number of tasks. Celery's time limits, and its answer to a worker
# that is lost, are for pools of processes: a task bounds itself.
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = WORKER_THREADS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat_schedule")
CELERY_BEAT_SCHEDULE = {
    "label-pending": {"task": "components.tasks.label_pending", "schedule": 10.0, "options": {"expires": 10}},
    "sync-registry": {
        "task": "mlops.tasks.sync_registry",
        "schedule": float(REGISTRY_SYNC_SECONDS),
        "options": {"expires": REGISTRY_SYNC_SECONDS},
    },
    "anchor-audit": {"task": "audit.tasks.anchor", "schedule": 24 * 60 * 60.0, "options": {"expires": 60 * 60}},
}

# Logs
LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", of=logs.LEVELS)
LOG_FORMAT = env.choice("LOG_FORMAT", default="console", of=logs.FORMATS)
LOGGING = logs.configure(level=LOG_LEVEL, form=LOG_FORMAT)
