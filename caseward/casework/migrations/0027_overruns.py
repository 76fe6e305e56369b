"""Incidents that say of a queue and an hour that work lasted longer than a cap: of no case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0026_past_reason'),
        ('routing', '0009_handing_out_rights'),
    ]

    operations = [
        migrations.AddField(
            model_name='capacityincident',
            name='is_overrun',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='capacityincident',
            name='case',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='casework.case'),
        ),
        migrations.AddConstraint(
            model_name='capacityincident',
            constraint=models.UniqueConstraint(condition=models.Q(('is_overrun', True)), fields=('queue', 'severity', 'opened_at'), name='capacity_overrun_once_an_hour'),
        ),
        migrations.AddConstraint(
            model_name='capacityincident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('category', ''), ('due_at__isnull', True), ('is_overrun', True)), models.Q(('case__isnull', False), ('is_overrun', False)), _connector='OR'), name='capacity_overrun_names_no_case'),
        ),
        # Going back, there is no case to tell them by.
        migrations.RunSQL(
            migrations.RunSQL.noop, "DELETE FROM casework_capacityincident WHERE is_overrun"
        ),
    ]
