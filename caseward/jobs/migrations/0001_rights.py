"""Background work is queued and run by the program under any of its roles but a requester's."""

from django.db import migrations

RIGHTS = """
DO $$ DECLARE t record; BEGIN
    FOR t IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO cw_app, cw_staff', t.tablename);
    END LOOP;
    FOR t IN SELECT sequencename FROM pg_sequences
        WHERE schemaname = 'public' AND sequencename LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO cw_app, cw_staff', t.sequencename);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0002_rights"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
