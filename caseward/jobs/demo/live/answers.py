"""Filling in a form one has never seen: what one knows, and something sensible for the rest."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from caseward.jobs.demo.live.pages import Question

LEFT_ALONE = frozenset({"in-danger", "now-in-danger", "kept_file", "new_files"})
TICKED = frozenset({"safe-to-write"})
KINDS_THAT_ARE_CHOSEN = frozenset({"radio", "select"})


def answers_to(
    questions: Mapping[str, Question], known: Mapping[str, str], random: Random
) -> list[tuple[str, str]]:
    """Return the fields of a form, answered."""
    return list(_answers(questions, known, random))


def _answers(
    questions: Mapping[str, Question], known: Mapping[str, str], random: Random
) -> Iterator[tuple[str, str]]:
    for name, question in questions.items():
        if name in LEFT_ALONE:
            continue
        if question.kind == "hidden":
            yield name, question.value
        elif question.kind == "checkbox":
            if question.is_required or name in TICKED:
                yield name, "on"
        elif question.kind in KINDS_THAT_ARE_CHOSEN:
            yield name, _chosen(question, known, random)
        else:
            yield name, known.get(name) or _made_up(question, random)


def _chosen(question: Question, known: Mapping[str, str], random: Random) -> str:
    wanted = known.get(question.name)
    if wanted in question.choices:
        return str(wanted)
    offered = [choice for choice in question.choices if choice]
    return random.choice(offered) if offered else ""


def _made_up(question: Question, random: Random) -> str:
    """Answer what must be answered; a field nobody has to fill in stays empty, as the trap must."""
    if not question.is_required:
        return ""
    if question.kind == "url":
        return f"https://lumen.example/p/{random.randrange(10**6, 10**7)}"
    if question.kind == "date":
        return str(date(random.randrange(1985, 2010), random.randrange(1, 13), 15))
    return "@" + random.choice(["chai.notes7", "river.crafts21", "teh.stories3"])
