"""What arrived and what was sent stays in-house; a vendor's staff see mailboxes and forms."""

from django.db import migrations

from caseward.org.migrating import moves_revision

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON channels_mailbox, channels_form, channels_rawmail,
    channels_messageid, channels_sentmail, channels_formticket TO cw_staff;
GRANT SELECT ON channels_mailbox, channels_form TO cw_vendor;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""

CONFIGURATION = ["channels_mailbox", "channels_form"]


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("org", "0003_revision")]

    operations = [
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *(moves_revision(name) for name in CONFIGURATION),
    ]
