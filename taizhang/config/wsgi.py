"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported
from taizhang.kit.uploads import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
application = WholeBody(get_wsgi_application())
