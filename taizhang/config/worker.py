"""The worker process: runs the jobs that pages enqueue, polls once a second when idle."""

import os

import django
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.config.settings")
    django.setup()
    # imported after setup: the beat and the recovery need models
    from taizhang.config.beat import start  # noqa: PLC0415 -- needs the set-up apps

    start()
    call_command("db_worker", "--queue-name", "*", "--interval", "1", verbosity=0)


if __name__ == "__main__":
    main()
