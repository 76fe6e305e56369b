"""Writing what was folded: facts and outcomes of some cases, and the daily sums they touch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from caseward.metrics.definitions import BACKLOG, METRICS
from caseward.metrics.models import Daily
from caseward.metrics.story import Story

type Row = tuple[Any, ...]

FACT = (
    "case_id", "reference", "lob_id", "reason_id", "language", "channel", "vendor_id", "team_id",
    "site_id", "opened_at", "first_due_at", "first_replied_at", "first_reply_met",
    "resolution_due_at", "resolved_at", "resolution_met", "is_finished", "reopened_count",
    "escalated_at", "verdict", "verdict_at", "rating", "rated_at", "is_left_out",
)  # fmt: skip
OUTCOME = (
    "case_id", "metric", "nth", "at", "day", "part", "site_id", "vendor_id", "team_id", "lob_id",
    "language", "channel",
)  # fmt: skip
KEY = ", ".join(Daily.KEY)

# The names in these statements are our own.
TAKE_AWAY = f"""
    WITH gone AS (DELETE FROM metrics_outcome WHERE case_id = ANY(%s) RETURNING {KEY}),
    fewer AS (SELECT {KEY}, count(*) AS cases FROM gone WHERE metric <> %s GROUP BY {KEY})
    UPDATE metrics_daily d SET cases = d.cases - fewer.cases FROM fewer
    WHERE ({", ".join(f"d.{name}" for name in Daily.KEY)}) =
        ({", ".join(f"fewer.{name}" for name in Daily.KEY)})
"""  # noqa: S608
ADD = f"""
    INSERT INTO metrics_daily AS d ({KEY}, cases)
    SELECT {KEY}, count(*) FROM metrics_outcome WHERE case_id = ANY(%s) AND metric <> %s
    GROUP BY {KEY}
    ON CONFLICT ({KEY}) DO UPDATE SET cases = d.cases + excluded.cases
"""  # noqa: S608


type Cut = Callable[[datetime], date]


def days_of(zone: str) -> Cut:
    """Return what cuts moments into the days of a zone."""
    info = ZoneInfo(zone)
    return lambda at: at.astimezone(info).date()


def replace(case_ids: Sequence[int], stories: Iterable[Story], cut: Cut) -> None:
    """Put the facts and outcomes of these cases in place of what was known, and mend the sums."""
    ids = list(case_ids)
    facts, outcomes = _rows(stories, cut)
    with connection.cursor() as cursor:
        cursor.execute(TAKE_AWAY, [ids, BACKLOG.key])
        cursor.execute("DELETE FROM metrics_casefact WHERE case_id = ANY(%s)", [ids])
        _copy(cursor, "metrics_casefact", FACT, facts)
        _copy(cursor, "metrics_outcome", OUTCOME, outcomes)
        cursor.execute(ADD, [ids, BACKLOG.key])
        cursor.execute("DELETE FROM metrics_daily WHERE cases = 0")


def _rows(stories: Iterable[Story], cut: Cut) -> tuple[list[Row], list[Row]]:
    facts: list[Row] = []
    outcomes: list[Row] = []
    for story in stories:
        facts.append(_fact(story))
        if not story.is_merged:
            outcomes.extend(_outcomes(story, cut))
    return facts, outcomes


def _fact(story: Story) -> Row:
    escalation = next(reversed(story.escalations.values()), None)
    return (
        story.case_id, story.reference, story.lob_id, story.reason_id, story.language,
        story.channel, story.vendor_id, story.place.team_id or None, story.place.site_id or None,
        story.opened_at, story.first.due_at, story.first_replied_at, story.first.was_met,
        story.resolution.due_at, story.resolved_at, story.resolution.was_met, story.is_finished,
        len(story.reopened), escalation and escalation.raised_at,
        escalation.verdict if escalation else "", escalation and escalation.judged_at,
        story.rating, story.rated_at, story.is_merged,
    )  # fmt: skip


def _outcomes(story: Story, cut: Cut) -> Iterator[Row]:
    vendor_id = story.vendor_id or 0
    for key, metric in METRICS.items():
        for nth, (at, part, place) in enumerate(metric.outcomes(story)):
            yield (
                story.case_id, key, nth, at, cut(at), part, place.site_id, vendor_id,
                place.team_id, story.lob_id, story.language, story.channel,
            )  # fmt: skip


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
