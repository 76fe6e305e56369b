"""A template of a note has a text in each language; those there were are in English."""

from django.db import migrations, models
from django.db.models import Value

INTO_LANGUAGES = "UPDATE policy_notetemplate SET texts = jsonb_build_object('en', text)"
OUT_OF_THEM = "UPDATE policy_notetemplate SET text = coalesce(texts ->> 'en', '')"


class Migration(migrations.Migration):
    dependencies = [("policy", "0010_content_rights")]

    operations = [
        migrations.AddField(
            model_name="notetemplate",
            name="texts",
            field=models.JSONField(default=dict, db_default=Value({}, models.JSONField())),
        ),
        migrations.AlterField(
            model_name="notetemplate",
            name="text",
            field=models.TextField(default="", db_default=""),
        ),
        migrations.RunSQL(INTO_LANGUAGES, OUT_OF_THEM),
        migrations.RemoveField(model_name="notetemplate", name="text"),
        migrations.AlterField(model_name="notetemplate", name="texts", field=models.JSONField()),
    ]
