"""Promises missed in the last two weeks wait for an explanation; most of the older ones have one.

The history marks its missed clocks itself; the record that somebody must explain is added here.
"""

from collections import defaultdict

from django.db import connections

from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.sla.models import NOT_OUR_WORK, Miss
from caseward.sla.services import explaining

MISSES = """
    INSERT INTO sla_miss (clock_id, case_id, kind, is_legal, lob_id, missed_at, cause, text)
    SELECT k.id, k.case_id, k.kind, k.stage <> '', c.lob_id, k.deadline_at, '', ''
    FROM sla_clock k JOIN casework_case c ON c.id = k.case_id
    WHERE k.was_met = false AND k.deadline_at BETWEEN %s AND %s AND k.kind <> ALL(%s)
    ON CONFLICT DO NOTHING
"""
EXPLAINED_SHARE = 0.8  # of what was missed more than two days ago
MOST_EXPLAINED = 240
SENTENCES = (
    ("DEMAND", "A wave of hijacked accounts came in on one evening; nobody had planned for it."),
    ("DEMAND", "Twice as many messages as usual before the public holiday."),
    ("ABSENCE", "Four of nine were ill; the other site took over in the afternoon."),
    ("ROUTING", "It waited in a queue nobody worked that night; the overflow rule is changed."),
    ("WAITED_FOR_OTHERS", "The review team answered after two days; we told the requester."),
    ("HARD", "Two people claimed the account; a second specialist had to look."),
    ("OVERLOOKED", "It was answered in another case of the same person and stayed open here."),
)


def play(stage: Stage) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(MISSES, [stage.ago(days=14), stage.now, list(NOT_OUR_WORK)])
    lead, groups = person("ananya-deshpande"), _groups(stage)
    for number, ids in sorted(groups.items()):
        cause, text = SENTENCES[number]
        with as_(lead):
            explaining.explain(
                clock_ids=ids, by=lead, cause=cause, text=text, now=stage.ago(hours=26)
            )


def _groups(stage: Stage) -> dict[int, list[int]]:
    """Return which misses are explained alike; what is recent still waits."""
    older = Miss.objects.filter(missed_at__lt=stage.ago(days=2)).order_by("missed_at", "pk")
    groups: dict[int, list[int]] = defaultdict(list)
    for pk in older.values_list("pk", flat=True)[:MOST_EXPLAINED]:
        if stage.random.random() < EXPLAINED_SHARE:
            groups[stage.random.randrange(len(SENTENCES))].append(pk)
    return groups
