"""The least minutes that cases can be late in all, by OR-Tools' flow of least cost.

People who may have exactly the same cases share their places, which leaves the answer the same and
the question a few times smaller. Prints lateness and seconds as JSON.
"""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

from ortools.graph.python import min_cost_flow

CENTS = 100  # costs must be whole


def main() -> None:
    question = json.loads(Path(sys.argv[1]).read_text())
    began = time.perf_counter()
    lateness = least(question)
    json.dump({"lateness": lateness, "seconds": time.perf_counter() - began}, sys.stdout)


def least(question: dict) -> float:
    works, minutes, horizon = question["works"], question["minutes"], question["horizon"]
    places, groups = places_of(question)
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = len(works)
    node = {place: sink + 1 + n for n, place in enumerate(places)}
    for place, count in places.items():
        flow.add_arc_with_capacity_and_unit_cost(node[place], sink, count, 0)
    starts = defaultdict(list)
    for group, start in places:
        starts[group].append(start)
    for number, (left, may) in enumerate(works):
        for group in {groups[who] for who in may}:
            for start in starts[group]:
                cost = round(CENTS * max(0.0, start + minutes - left))
                flow.add_arc_with_capacity_and_unit_cost(number, node[group, start], 1, cost)
        cost = round(CENTS * max(0.0, horizon + minutes - left))
        flow.add_arc_with_capacity_and_unit_cost(number, sink, 1, cost)
        flow.set_node_supply(number, 1)
    flow.set_node_supply(sink, -len(works))
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("OR-Tools found no answer.")
    return flow.optimal_cost() / CENTS


def places_of(question: dict) -> tuple[dict, dict]:
    """Return how many places begin when in each group of people, and the group of everybody."""
    cases = defaultdict(set)
    for number, (_, may) in enumerate(question["works"]):
        for who in may:
            cases[who].add(number)
    names, groups, places = {}, {}, defaultdict(int)
    for who, busy, room in question["workers"]:
        groups[who] = names.setdefault(frozenset(cases[who]), len(names))
        for place in range(room):
            places[groups[who], busy + place * question["minutes"]] += 1
    return places, groups


if __name__ == "__main__":
    main()
