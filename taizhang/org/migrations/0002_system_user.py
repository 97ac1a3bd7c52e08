"""The command line of this machine as an actor. It has no usable password: nobody can log in as it."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def make(apps, schema_editor):
    User = apps.get_model("org", "User")
    User.objects.create(username="system", password=make_password(None), is_system=True, is_active=False, must_change=False)


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
