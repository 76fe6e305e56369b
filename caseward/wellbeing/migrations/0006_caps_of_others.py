"""A vendor's staff read the caps that hold for them, and not those of another vendor, nor why."""

from django.db import migrations

VENDOR = "(SELECT NULLIF(current_setting('app.vendor', true), '')::bigint)"

GUARDED = f"""
ALTER TABLE wellbeing.capsversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff ON wellbeing.capsversion TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY own_vendor ON wellbeing.capsversion FOR SELECT TO cw_vendor
    USING (COALESCE(vendor_id, {VENDOR}) = {VENDOR});
"""
OPEN = """
DROP POLICY own_vendor ON wellbeing.capsversion;
DROP POLICY staff ON wellbeing.capsversion;
ALTER TABLE wellbeing.capsversion DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0005_forgetting")]

    operations = [migrations.RunSQL(GUARDED, OPEN)]
