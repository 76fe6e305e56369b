"""What migrations of several packages share; they may import it, so its SQL never changes."""

from django.db import migrations


def moves_revision(table: str) -> migrations.RunSQL:
    """Let every change of a table move the revision of the configuration."""
    return migrations.RunSQL(
        f"CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move()",
        f"DROP TRIGGER moves_revision ON {table}",
    )
