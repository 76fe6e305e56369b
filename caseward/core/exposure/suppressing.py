"""Which groups are too small for a sum about them to be told."""

from collections.abc import Mapping

SMALLEST_GROUP = 8
"""A sum over fewer people is not told: usual in surveys of staff are four or five."""


def hidden_groups(people: Mapping[str, int], *, smallest: int = SMALLEST_GROUP) -> frozenset[str]:
    """Return the groups that must not be told beside the total of all.

    A single group left out could be worked out from the total. So the smallest of the others is
    left out with it; a total of fewer people than `smallest` leaves out everything.

    Worked example: of 30, 12 and 3 people, those of 3 are hidden, and those of 12 with them.
    """
    if sum(people.values()) < smallest:
        return frozenset(people)
    small = {name for name, count in people.items() if count < smallest}
    hidden = sum(people[name] for name in small)
    for name in sorted(set(people) - small, key=lambda name: (people[name], name)):
        if not small or (len(small) > 1 and hidden >= smallest):
            break
        small.add(name)
        hidden += people[name]
    return frozenset(small)
