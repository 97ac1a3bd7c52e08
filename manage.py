#!/usr/bin/env python
"""Django's own commands: `manage.py migrate`, `manage.py makemigrations` …"""

import os
import sys

import taizhang  # noqa: F401  SQLite is exchanged here, before Django is imported
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
    execute_from_command_line(sys.argv)
