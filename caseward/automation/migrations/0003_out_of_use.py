"""A rule that the files of an operation leave out is out of use; what it did stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("automation", "0002_rights")]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="is_active",
            field=models.BooleanField(default=True, db_default=True),
        ),
    ]
