"""What people in-house ask each other stays in-house.

The reader's own people are all that PostgreSQL shows them of the staff, so a question of or to one
of them is the one that names such a person.
"""

from django.db import migrations

SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
OF_THEIRS = (
    "EXISTS (SELECT FROM org_staffmember s"
    " WHERE s.id = ANY (ARRAY[casework_helprequest.asked_by_id, casework_helprequest.to_staff_id]))"
)

STRICTER = f"""
DROP POLICY vendor_reads ON casework_helprequest;
CREATE POLICY vendor_reads ON casework_helprequest FOR SELECT TO cw_vendor
    USING ({SEES_CASE} AND {OF_THEIRS});
"""
AS_BEFORE = f"""
DROP POLICY vendor_reads ON casework_helprequest;
CREATE POLICY vendor_reads ON casework_helprequest FOR SELECT TO cw_vendor USING ({SEES_CASE});
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0022_bulk_moves_and_snoozes")]

    operations = [migrations.RunSQL(STRICTER, AS_BEFORE)]
