from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="number",
            field=models.CharField(max_length=30, verbose_name="回执号"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("agency", "number"), name="evidence_number"),
        ),
    ]
