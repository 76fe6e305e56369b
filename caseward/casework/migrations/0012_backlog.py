"""Bulk actions, campaigns, reviews of aged cases; counting the backlog reads the index alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0011_saved_views'),
        ('org', '0006_routing_rights'),
        ('policy', '0003_to_route_by'),
        ('routing', '0005_borrowing_and_pausing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('ASSIGN', 'Give to a colleague'), ('RELEASE', 'Give back to the queue'), ('TRANSFER', 'Transfer'), ('PRIORITY', 'Change the priority'), ('TAG', 'Add a tag'), ('UNTAG', 'Remove a tag'), ('NOTE', 'Write a note'), ('REPLY', 'Answer with a macro'), ('RESOLVE', 'Resolve')], max_length=8)),
                ('about', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('CHOOSING', 'Not started'), ('RUNNING', 'Running'), ('DONE', 'Done'), ('CANCELLED', 'Cancelled'), ('UNDOING', 'Being undone'), ('UNDONE', 'Undone')], default='CHOOSING', max_length=9)),
                ('list_address', models.CharField(blank=True, max_length=500)),
                ('is_cut', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('WAITING', 'To do'), ('DONE', 'Done'), ('SKIPPED', 'Skipped'), ('UNDONE', 'Undone'), ('KEPT', 'Not undone')], default='WAITING', max_length=7)),
                ('why', models.CharField(blank=True, max_length=20)),
                ('before', models.JSONField(default=dict)),
                ('did', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('RUNNING', 'Running'), ('PAUSED', 'Paused'), ('STOPPED', 'Stopped')], default='RUNNING', max_length=7)),
                ('takes_new', models.BooleanField(default=False)),
                ('goal_at', models.DateTimeField()),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('macros', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(), default=list)),
                ('revision', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='CampaignCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('is_open', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='CampaignMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CaseReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('KEPT', 'Kept with a next step'), ('ESCALATED', 'Escalated'), ('MOVED', 'Moved'), ('RESOLVED', 'Resolved')], max_length=9)),
                ('next_step', models.CharField(max_length=300)),
                ('look_again_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_unfinished_list',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ['RESOLVED', 'CLOSED']), _negated=True), fields=['queue', 'urgency', 'id'], include=('vendor', 'lob', 'status', 'assignee', 'priority', 'reason', 'channel', 'language', 'opened_at'), name='case_unfinished_list'),
        ),
        migrations.AddField(
            model_name='bulkaction',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='bulk_actions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkitem',
            name='action',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='items', to='casework.bulkaction'),
        ),
        migrations.AddField(
            model_name='bulkitem',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='bulk_items', to='casework.case'),
        ),
        migrations.AddField(
            model_name='campaign',
            name='started_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='campaigns', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='campaigncase',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='cases', to='casework.campaign'),
        ),
        migrations.AddField(
            model_name='campaigncase',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='campaigns', to='casework.case'),
        ),
        migrations.AddField(
            model_name='campaignmember',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='members', to='casework.campaign'),
        ),
        migrations.AddField(
            model_name='campaignmember',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DB_CASCADE, related_name='campaign_memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='casereview',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='reviews', to='casework.case'),
        ),
        migrations.AddField(
            model_name='casereview',
            name='reviewer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='bulkaction',
            index=models.Index(fields=['by', '-created_at'], name='bulk_action_of'),
        ),
        migrations.AddIndex(
            model_name='bulkaction',
            index=models.Index(condition=models.Q(('state__in', ['RUNNING', 'UNDOING'])), fields=['id'], name='bulk_action_to_carry_on'),
        ),
        migrations.AddConstraint(
            model_name='bulkaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('started_at__isnull', True), ('state', 'CHOOSING')), models.Q(models.Q(('state', 'CHOOSING'), _negated=True), models.Q(('kind', ''), _negated=True), ('started_at__isnull', False)), _connector='OR'), name='bulk_action_started_once_chosen'),
        ),
        migrations.AddIndex(
            model_name='bulkitem',
            index=models.Index(fields=['action', 'state', 'case'], name='bulk_item_of_action'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.UniqueConstraint(fields=('action', 'case'), name='bulk_item_once'),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SKIPPED', 'KEPT']), _negated=True), models.Q(('why', ''), _negated=True), _connector='OR'), name='bulk_item_left_out_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('goal_at__gt', models.F('started_at'))), name='campaign_goal_after_its_start'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'STOPPED'), ('ended_at__isnull', True), _connector='XOR'), name='campaign_stopped_has_its_time'),
        ),
        migrations.AddIndex(
            model_name='campaigncase',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['campaign', 'case'], name='campaign_open_case'),
        ),
        migrations.AddConstraint(
            model_name='campaigncase',
            constraint=models.UniqueConstraint(fields=('campaign', 'case'), name='campaign_case_once'),
        ),
        migrations.AddConstraint(
            model_name='campaignmember',
            constraint=models.UniqueConstraint(fields=('campaign', 'staff'), name='campaign_member_once'),
        ),
        migrations.AddIndex(
            model_name='casereview',
            index=models.Index(fields=['case', '-at'], name='case_review_newest'),
        ),
        migrations.AddConstraint(
            model_name='casereview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'KEPT'), _negated=True), ('look_again_at__isnull', False), _connector='OR'), name='case_review_kept_is_looked_at_again'),
        ),
    ]
