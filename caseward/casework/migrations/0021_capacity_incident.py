"""Where caps on exposure left nobody: in-house staff read it, only Caseward itself writes it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


RIGHTS = """
GRANT SELECT ON casework_capacityincident TO cw_staff;
GRANT INSERT, UPDATE ON casework_capacityincident TO cw_system;
GRANT USAGE ON SEQUENCE casework_capacityincident_id_seq TO cw_system;
ALTER TABLE casework_capacityincident ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON casework_capacityincident TO cw_staff USING (true) WITH CHECK (true);
"""
UNDO = "DROP POLICY everything ON casework_capacityincident"


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0020_law_rights'),
        ('routing', '0009_handing_out_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='CapacityIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('severity', models.PositiveSmallIntegerField()),
                ('category', models.CharField(blank=True, max_length=30)),
                ('cases', models.PositiveIntegerField()),
                ('at_work', models.PositiveIntegerField()),
                ('caps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list)),
                ('due_at', models.DateTimeField(null=True)),
                ('free_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='casework.case')),
                ('queue', models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='+', to='routing.queue')),
            ],
            options={
                'indexes': [models.Index(fields=['-opened_at'], name='capacity_incident_when')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('queue', 'severity', 'category'), name='capacity_incident_once'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('opened_at')), _connector='OR'), name='capacity_incident_ends_later')],
            },
        ),
        migrations.RunSQL(RIGHTS, UNDO),
    ]
