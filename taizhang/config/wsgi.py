"""The web server's way in."""

import os

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
application = get_wsgi_application()
