"""The ids of a conversation in the order they became known: what `References` is written from."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_rights")]

    operations = [
        migrations.AddField(
            "messageid", "known_at", models.DateTimeField(db_default=Now())
        ),
    ]
