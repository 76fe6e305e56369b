"""What staff do with a case: understand it, then answer, ask, hand on, give back or finish."""

from datetime import timedelta
from typing import TYPE_CHECKING

from caseward.casework.models import Case, Escalation
from caseward.jobs.demo import acts, habits, reacting, texts
from caseward.jobs.demo.demand import one_of
from caseward.jobs.demo.handing_over import facts_for
from caseward.jobs.demo.wording import answer

if TYPE_CHECKING:
    from caseward.jobs.demo.floor import Floor
    from caseward.jobs.demo.stories import Story
    from caseward.jobs.demo.world import Member

NOTES, TAGS, RAISES, LINKS, HANDS_OVER, KEEPS = 0.16, 0.12, 0.02, 0.05, 0.025, 0.05
MOST_QUESTIONS = 2
HANDS_ON_LATER = 0.5  # of the first time's share, once the requester has answered
SETTLED_IF_NEEDED, SETTLED_IF_AVOIDABLE = 0.9, 0.35
WRONG_LINE = 0.05
TAGS_BY_LOB = {
    "account-security": ("payment-risk", "phishing", "business-account", "sim-swap"),
    "age-support": ("school", "guardian", "second-attempt"),
    "minor-safety": ("police-involved", "school", "urgent-call"),
    "platform-integrity": ("bank-transfer", "seller", "repeat-offender", "media-interest"),
}
VERDICT_TEXTS = {"NEEDED": "needed", "AVOIDABLE": "avoidable", "WRONG_LOB": "wrong-line"}


def begin(floor: "Floor", story: "Story", by: "Member", takes: timedelta) -> None:
    """Take the case if it waits in a queue, and plan what is done on the way."""
    story.giving_up, story.doing = story.doing == "give up", ""
    if story.book.case.assignee_id is None:
        floor.write(story, acts.TakeNext(at=floor.at, by=by))
    floor.later(takes * 0.4, _on_the_way, story, floor, by)


def _on_the_way(story: "Story", floor: "Floor", by: "Member") -> None:
    """Accept what was escalated; put reason, priority, tags, links and notes in order."""
    random, case = floor.random, story.book.case
    if case.is_finished:
        return
    escalation = story.book.running_escalation
    if by.tier == 2 and escalation is not None and escalation.accepted_at is None:
        floor.write(story, acts.Accept(at=floor.at, by=by))
    if case.reason_id is None:
        _recognise(floor, story, by)
    if random.random() < RAISES and case.priority > 1:
        floor.write(story, acts.Prioritise(at=floor.at, by=by, priority=case.priority - 1))
    if random.random() < TAGS:
        _tag(floor, story, by)
    if random.random() < LINKS:
        _link(floor, story, by)
    if random.random() < NOTES:
        _note(floor, story, by)
    if story.repeated is not None and _can_merge(story.repeated, story, by):
        floor.write(story.repeated, acts.Merge(at=floor.at, by=by, into=story.book))


def _recognise(floor: "Floor", story: "Story", by: "Member") -> None:
    lob = floor.world.lob_keys[story.book.case.lob_id]
    if reason := floor.world.reasons.get((lob, story.reason)):
        floor.write(story, acts.Recognise(at=floor.at, by=by, reason_id=reason.pk))


def _tag(floor: "Floor", story: "Story", by: "Member") -> None:
    tag = floor.random.choice(TAGS_BY_LOB[story.lob])
    if tag not in story.book.case.tags:
        tags = (*story.book.case.tags, tag)
        floor.write(story, acts.Tag(at=floor.at, by=by, tags=tags))


def _link(floor: "Floor", story: "Story", by: "Member") -> None:
    """Link a taken-over account to another one of the same wave."""
    others = [other for other in floor.incident[-12:] if _can_be_linked(story, other, by)]
    if story in floor.incident[-60:] and others and not story.book.links:
        other = floor.random.choice(others)
        note = "Same message, same wave."
        floor.write(story, acts.LinkTo(at=floor.at, by=by, other=other.book, note=note))


def _can_be_linked(story: "Story", other: "Story", by: "Member") -> bool:
    same_vendor = by.tier == 2 or other.book.case.vendor_id == by.vendor_id
    return other is not story and same_vendor and other.book.case.lob_id in by.lobs


def _note(floor: "Floor", story: "Story", by: "Member") -> None:
    text = texts.internal_note(story.lob, floor.random)
    hidden = by.tier == 2 and floor.random.random() < 0.3
    floor.write(story, acts.Note(at=floor.at, by=by, text=text, in_house_only=hidden))


def finish(floor: "Floor", story: "Story", by: "Member") -> None:
    """Bring a piece of work to its end."""
    case = story.book.case
    if case.is_finished or case.assignee_id != by.id:
        return
    if story.giving_up:
        _give_up(floor, story, by)
    elif by.tier == 2:
        _finish_in_tier_2(floor, story, by)
    else:
        _finish_in_tier_1(floor, story, by)


def _finish_in_tier_1(floor: "Floor", story: "Story", by: "Member") -> None:
    random, first = floor.random, story.answers == 0
    ways = habits.OF[by.vendor_key]
    hands_on = habits.HANDED_ON.get(story.reason, 0) + ways.escalates
    if story.repeats is not None and _can_merge(story, story.repeats, by):
        floor.write(story, acts.Merge(at=floor.at, by=by, into=story.repeats.book))
    elif first and random.random() < HANDS_OVER and _hand_over(floor, story, by):
        floor.put_in_queue(story)
    elif not story.book.escalations and random.random() < hands_on * (
        1 if first else HANDS_ON_LATER
    ):
        _escalate(floor, story, by, hands_on=habits.HANDED_ON.get(story.reason, 0))
    else:
        _answer(floor, story, by)


def _can_merge(story: "Story", into: "Story", by: "Member") -> bool:
    """Say whether somebody may change both cases, as merging asks."""
    return all(
        case.vendor_id == by.vendor_id
        and case.tier == by.tier
        and case.assignee_id in {None, by.id}
        and case.lob_id in by.lobs
        and not case.is_finished
        for case in (story.book.case, into.book.case)
    )


def _hand_over(floor: "Floor", story: "Story", by: "Member") -> bool:
    """Hand a case to another line of business of the same vendor, where it serves that."""
    case = story.book.case
    others = [
        queue.lob_id
        for queue in floor.world.queues.values()
        if (queue.tier, queue.vendor_id, queue.language) == (1, case.vendor_id, case.language)
        and queue.lob_id != case.lob_id
    ]
    if not others or story.lob == "minor-safety":
        return False
    lob_id = floor.random.choice(others)
    why = "The question belongs to another line of business."
    act = acts.Transfer(at=floor.at, by=by, lob_id=lob_id, language=case.language, why=why)
    floor.write(story, act)
    return True


def _escalate(floor: "Floor", story: "Story", by: "Member", *, hands_on: float) -> None:
    said = texts.handover(story.lob, floor.random)
    ways = habits.OF[by.vendor_key]
    story.is_avoidable = floor.random.random() < ways.avoidable * (0.35 if hands_on > 0.5 else 1)
    story.is_wrong_line = floor.random.random() < WRONG_LINE
    if story.answers == 0:
        outcome = "safety" if story.lob == "minor-safety" else "passed_on"
        _say(floor, story, by, outcome)
    act = acts.Escalate(
        at=floor.at,
        by=by,
        why=said.summary,
        tried=said.tried,
        facts=facts_for(story, floor.random),
        handover=texts.reachable(floor.random),
    )
    floor.write(story, act)
    floor.put_in_queue(story)


def _finish_in_tier_2(floor: "Floor", story: "Story", by: "Member") -> None:
    escalation = story.book.running_escalation
    if escalation is None or escalation.accepted_at is None:
        _answer(floor, story, by)
        return
    verdict = _verdict(story)
    note = texts.verdict_note(VERDICT_TEXTS[verdict], floor.random)
    quality, wanting = _quality(floor, escalation)
    share = SETTLED_IF_NEEDED if verdict == "NEEDED" else SETTLED_IF_AVOIDABLE
    if floor.random.random() < share:
        act: acts.Act = acts.Settle(
            at=floor.at,
            by=by,
            verdict=verdict,
            note=note,
            quality=quality,
            quality_note=wanting,
        )
        floor.write(story, act)
        _answer(floor, story, by)
    else:
        act = acts.Return(
            at=floor.at,
            by=by,
            verdict=verdict,
            note=note,
            quality=quality,
            quality_note=wanting,
        )
        floor.write(story, act)
        floor.put_on_desk(story, "go on")


def _verdict(story: "Story") -> str:
    if story.is_wrong_line:
        return "WRONG_LOB"
    return "AVOIDABLE" if story.is_avoidable else "NEEDED"


def _quality(floor: "Floor", escalation: Escalation) -> tuple[str, str]:
    """Return whether tier 2 could work with what it was given, and what was wanting."""
    ways = floor.habits_of(escalation.raised_by_id)
    drawn = floor.random.random()
    if drawn < ways.hands_over_whole:
        return "COMPLETE", ""
    quality = "INCOMPLETE" if drawn < 1 - (1 - ways.hands_over_whole) * 0.15 else "MISLEADING"
    return quality, texts.wanting(quality.lower(), floor.random)


def _answer(floor: "Floor", story: "Story", by: "Member") -> None:
    """Ask for more, say that we are on it, or give the final answer."""
    random, ways = floor.random, habits.OF[by.vendor_key]
    may_ask = story.asked < MOST_QUESTIONS and story.lob != "minor-safety"
    if may_ask and random.random() < ways.asks / (1 + story.asked):
        story.asked += 1
        _say(floor, story, by, "ask", is_pending=True)
        reacting.after_question(floor, story)
    elif story.answers == 0 and random.random() < KEEPS:
        _say(floor, story, by, "passed_on")
        floor.later(timedelta(hours=random.uniform(1, 5)), _come_to_it, story, floor)
    else:
        _resolve(floor, story, by)


def _come_to_it(story: "Story", floor: "Floor") -> None:
    if not story.book.case.is_finished and story.book.case.status != Case.Status.PENDING:
        floor.put_on_desk(story, "go on")


def _resolve(floor: "Floor", story: "Story", by: "Member") -> None:
    story.is_solved = floor.random.random() < habits.SOLVED_SHARE[story.lob]
    disposition_id = _disposition(floor, story)
    _say(
        floor,
        story,
        by,
        "solved" if story.is_solved else "declined",
        disposition_id=disposition_id,
    )
    reacting.after_resolution(floor, story)


def _give_up(floor: "Floor", story: "Story", by: "Member") -> None:
    """Finish what nobody answered: half with a last word, half in silence."""
    story.is_solved, story.giving_up = False, False
    disposition_id = _disposition(floor, story)
    if floor.random.random() < 0.5:
        _say(floor, story, by, "declined", disposition_id=disposition_id)
    else:
        floor.write(story, acts.Resolve(at=floor.at, by=by, disposition_id=disposition_id))
        story.habits_of = by.vendor_key
    reacting.after_resolution(floor, story)


def _disposition(floor: "Floor", story: "Story") -> int:
    lob = floor.world.lob_keys[story.book.case.lob_id]
    keys = (habits.SOLVED if story.is_solved else habits.UNSOLVED)[lob]
    return floor.world.dispositions[lob, one_of(keys, floor.random)]


def _say(
    floor: "Floor",
    story: "Story",
    by: "Member",
    outcome: str,
    *,
    is_pending: bool = False,
    disposition_id: int | None = None,
) -> None:
    story.answers += 1
    story.habits_of = by.vendor_key
    text, macro = answer(floor.world, story, by, outcome, floor.random)
    act = acts.Reply(
        at=floor.at,
        by=by,
        text=text,
        is_pending=is_pending,
        disposition_id=disposition_id,
        macro=macro,
    )
    floor.write(story, act)
