"""Handing out ten thousand cases to five hundred people, beside the best there is.

The instance is drawn from a fixed seed: two vendors and tier 2, four lines of business, five
languages in levels, certificates, exposure, opt-outs, shifts, exclusions. OR-Tools solves the same
as a flow of least cost: each person has places one after the other, a case in a place that begins
too late costs the minutes it is late. It lives in the environment of its own for peers. Handing out
is one thread that only computes, so its CPU is what it takes on a machine that does nothing else.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.figures import Row, Spread, at_most, told
from bench.sizes import Size
from caseward.core.matching import Assignment, Work, Worker, assign_batch, refusals

CASES, PEOPLE, ROOM = 10_000, 500, 20
MINUTES = 8.0
HORIZON = 600.0  # minutes after which what was left would be begun
MOST_SECONDS = 1.0
MOST_LATER = 1.05
PEER = Path(__file__).parent / "peer" / "least_lateness.py"
PYTHON = Path(__file__).parent.parent / ".venv-bench" / "bin" / "python"
LANGUAGES, SPOKEN = ("en", "hi", "ms", "ta", "zh"), (5, 3, 3, 1.5, 1)
EMPLOYERS, EMPLOYED = (1, 2, None), (4, 3, 3)


def measure(size: Size) -> list[Row]:
    """Hand out the whole instance several times, then ask OR-Tools for the best answer."""
    works, workers = instance(random.Random(42))
    took, given = [], list[Assignment]()
    for _ in range(size.rounds):
        began = time.process_time()
        given = assign_batch(works, workers).assignments
        took.append(time.process_time() - began)
    what = f"Handing out {len(works):,} cases to {len(workers)} people by every rule, CPU"
    starts = {one.work_id: one.starts_in for one in given}
    mine = lateness(works, starts)
    return [
        at_most(what, Spread.of(took), "s", MOST_SECONDS),
        _broken(works, workers, given),
        *_beside(works, workers, mine),
    ]


def instance(draw: random.Random) -> tuple[list[Work], list[Worker]]:
    works = [_work(number, draw) for number in range(1, CASES + 1)]
    return works, [_worker(number, draw) for number in range(1, PEOPLE + 1)]


def _worker(number: int, draw: random.Random) -> Worker:
    vendor = draw.choices(EMPLOYERS, EMPLOYED)[0]
    return Worker(
        id=number,
        tier=2 if vendor is None else 1,
        vendor_id=vendor,
        skills={
            (lob, language): draw.choice((1, 2, 2, 3))
            for lob in draw.sample(range(1, 5), draw.choice((1, 2, 2, 3)))
            for language in draw.choices(LANGUAGES, SPOKEN, k=draw.choice((1, 2, 2, 3)))
        },
        certifications=frozenset({"child-safety"} if draw.random() < 0.4 else ()),
        max_severity=draw.choice((4, 4, 4, 3, 2, 0)),
        opted_out=frozenset({"gore"} if draw.random() < 0.1 else ()),
        is_on_shift=draw.random() < 0.95,
        is_available=draw.random() < 0.92,
        room_in_all=ROOM,
        busy_minutes=draw.choice((0.0, 0.0, MINUTES, 2 * MINUTES)),
    )


def _work(number: int, draw: random.Random) -> Work:
    vendor = draw.choices(EMPLOYERS, EMPLOYED)[0]
    severity = draw.choices(range(5), (70, 12, 9, 6, 3))[0]
    lob = draw.choice((1, 1, 2, 2, 3, 4))
    return Work(
        id=number,
        tier=2 if vendor is None else 1,
        vendor_id=vendor,
        lob_id=lob,
        language=draw.choices(LANGUAGES, SPOKEN)[0],
        language_level=draw.choice((1, 1, 1, 2)),
        certification="child-safety" if lob == 3 and severity >= 3 else "",
        severity=severity,
        category="gore" if severity >= 3 and draw.random() < 0.5 else "",
        excluded=frozenset({draw.randint(1, PEOPLE)} if draw.random() < 0.05 else ()),
        minutes_left=draw.uniform(-30, 240),
        handling_minutes=MINUTES,
    )


def lateness(works: Sequence[Work], starts: Mapping[int, float]) -> float:
    """Return the minutes all cases are late together; what was left begins at the horizon."""
    return sum(
        max(0.0, starts.get(work.id, HORIZON) + MINUTES - (work.minutes_left or 0.0))
        for work in works
    )


def _broken(works: Sequence[Work], workers: Sequence[Worker], given: Sequence[Assignment]) -> Row:
    cases, people = {w.id: w for w in works}, {w.id: w for w in workers}
    broken = sum(bool(refusals(people[one.worker_id], cases[one.work_id])) for one in given)
    return Row("… hard rules broken", f"{broken} of {len(given):,}", "none", broken == 0)


def _beside(works: Sequence[Work], workers: Sequence[Worker], mine: float) -> list[Row]:
    """Ask OR-Tools; where it is not installed the comparison is left out."""
    if not _has_peer():
        return [Row("… beside OR-Tools", "left out: make bench installs it")]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as question:
        json.dump(_question(works, workers), question)
        question.flush()
        done = subprocess.run(
            [PYTHON, PEER, question.name], capture_output=True, text=True, check=True
        )
    answer = json.loads(done.stdout)
    share = mine / answer["lateness"]
    return [
        at_most("… minutes late in all, beside the least possible", _once(share), "×", MOST_LATER),
        told("… OR-Tools took for that", _once(answer["seconds"]), "s"),
    ]


def _has_peer() -> bool:
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import ortools"], check=False).returncode == 0


def _once(value: float) -> Spread:
    return Spread(value, value, value)


def _question(works: Sequence[Work], workers: Sequence[Worker]) -> dict[str, object]:
    """Return the instance as numbers: which case may be in which place, and what it costs."""
    alike: dict[Work, list[int]] = {}
    return {
        "workers": [[w.id, w.busy_minutes, ROOM] for w in workers],
        "works": [[work.minutes_left, _allowed(work, workers, alike)] for work in works],
        "minutes": MINUTES,
        "horizon": HORIZON,
    }


def _allowed(work: Work, workers: Sequence[Worker], alike: dict[Work, list[int]]) -> list[int]:
    """Return who may have a case, asked once for all that need the same."""
    need = replace(work, id=0, excluded=frozenset(), minutes_left=None)
    if need not in alike:
        alike[need] = [w.id for w in workers if not refusals(w, need)]
    return [who for who in alike[need] if who not in work.excluded]


if __name__ == "__main__":
    from bench.figures import table
    from bench.sizes import FULL

    sys.stdout.write(table(measure(FULL)) + "\n")
