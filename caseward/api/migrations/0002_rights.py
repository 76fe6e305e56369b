"""A token is looked up before anybody is known; in-house staff make and revoke them."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, UPDATE (last_used_at) ON api_token TO cw_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_token TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("org", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
