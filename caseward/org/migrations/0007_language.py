"""The language somebody reads the desk in; everybody chooses their own."""

from django.db import migrations, models

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"

RIGHTS = f"""
GRANT UPDATE (language) ON org_staffmember TO cw_vendor;
CREATE POLICY own_language ON org_staffmember FOR UPDATE TO cw_vendor
    USING (id = {STAFF}) WITH CHECK (id = {STAFF});
"""
UNDO = """
DROP POLICY own_language ON org_staffmember;
REVOKE UPDATE (language) ON org_staffmember FROM cw_vendor;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0006_routing_rights"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffmember",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("hi", "हिन्दी"),
                    ("ms", "Bahasa Melayu"),
                    ("ta", "தமிழ்"),
                    ("zh", "中文"),
                ],
                db_default="en",
                default="en",
                max_length=2,
            ),
        ),
        migrations.RunSQL(RIGHTS, UNDO),
    ]
