"""One thing done to many cases: what, to which, and what became of each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import StaffMember


class BulkAction(models.Model):
    """Something somebody does to many cases. The row is its own place in the worker's queue.

    While CHOOSING, its cases are chosen and what to do with them is looked at; nothing has
    happened yet. `about` holds what the verb needs, by the names of its form.
    """

    class Kind(models.TextChoices):
        ASSIGN = "ASSIGN", "Give to a colleague"
        RELEASE = "RELEASE", "Give back to the queue"
        TRANSFER = "TRANSFER", "Transfer"
        MOVE = "MOVE", "Move to a queue"
        SNOOZE = "SNOOZE", "Snooze"
        PRIORITY = "PRIORITY", "Change the priority"
        TAG = "TAG", "Add a tag"
        UNTAG = "UNTAG", "Remove a tag"
        NOTE = "NOTE", "Write a note"
        REPLY = "REPLY", "Answer with a macro"
        RESOLVE = "RESOLVE", "Resolve"

    class State(models.TextChoices):
        CHOOSING = "CHOOSING", "Not started"
        RUNNING = "RUNNING", "Running"
        DONE = "DONE", "Done"
        CANCELLED = "CANCELLED", "Cancelled"
        UNDOING = "UNDOING", "Being undone"
        UNDONE = "UNDONE", "Undone"

    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="bulk_actions")
    kind = models.CharField(max_length=8, choices=Kind, blank=True)
    about = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.CHOOSING)
    list_address = models.CharField(max_length=500, blank=True)  # where the cases were chosen
    is_cut = models.BooleanField(default=False)  # there were more cases than one action takes
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="bulk_action_started_once_chosen",
                condition=Q(state="CHOOSING", started_at__isnull=True)
                | (~Q(state="CHOOSING") & ~Q(kind="") & Q(started_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["by", "-created_at"], name="bulk_action_of"),
            models.Index(
                fields=["id"],
                name="bulk_action_to_carry_on",
                condition=Q(state__in=["RUNNING", "UNDOING"]),
            ),
        ]

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.UNDOING}


class BulkItem(models.Model):
    """One case of a bulk action.

    `seen` is the number of the last event of the case when it was chosen, `did` that after it was
    done; `before` holds what undoing puts back.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "To do"
        DONE = "DONE", "Done"
        SKIPPED = "SKIPPED", "Skipped"
        UNDONE = "UNDONE", "Undone"
        KEPT = "KEPT", "Not undone"

    action = models.ForeignKey(BulkAction, models.DB_CASCADE, related_name="items", db_index=False)
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="bulk_items")
    seen = models.PositiveIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    why = models.CharField(max_length=20, blank=True)  # why it was skipped or not undone
    before = models.JSONField(default=dict)
    did = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "case"], name="bulk_item_once"),
            models.CheckConstraint(
                name="bulk_item_left_out_for_a_reason",
                condition=~Q(state__in=["SKIPPED", "KEPT"]) | ~Q(why=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["action", "state", "case"], name="bulk_item_of_action"),
        ]
