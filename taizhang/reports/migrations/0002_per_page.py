"""画册每页张数: two or four photographs on a sheet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="binding",
            name="per_page",
            field=models.PositiveSmallIntegerField(default=2, verbose_name="每页张数"),
        ),
    ]
