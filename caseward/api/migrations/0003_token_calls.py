"""How often a token was used this minute, counted where it is looked up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("api", "0002_rights")]

    operations = [
        migrations.AddField("token", "minute", models.BigIntegerField(default=0)),
        migrations.AddField("token", "calls", models.PositiveIntegerField(default=0)),
        migrations.RunSQL(
            "GRANT UPDATE (minute, calls) ON api_token TO cw_app",
            "REVOKE UPDATE (minute, calls) ON api_token FROM cw_app",
        ),
    ]
