"""并件: a filed piece may be an annex of another one of its volume. Additive: nothing is an annex yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_words")]
    operations = [
        migrations.AddField(
            "filed",
            "annex_of",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="annexes",
                to="evidence.filed",
            ),
        ),
    ]
