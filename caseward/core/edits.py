"""How much of a text was changed before it was sent."""

import re
from collections.abc import Sequence

# A word, a Chinese character, or a mark that is neither.
WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|[^\w\s]")
MOST_WORDS = 400  # of what differs; longer texts are compared by their beginnings


def edited_share(given: str, sent: str) -> float:
    """Return how much of a text was changed, 0 for nothing and 1 for all of it.

    The Levenshtein distance in words, divided by the longer text's number of words; how words are
    set apart does not count.

    Source:
        V. I. Levenshtein (1966). Worked value: "we lock it" to "we unlock it now" is 2 of 4.
    """
    before, after = WORDS.findall(given), WORDS.findall(sent)
    one, other = _without_the_same_ends(before, after)
    differing = max(len(one), len(other))
    if differing == 0:
        return 0.0
    one, other = one[:MOST_WORDS], other[:MOST_WORDS]
    changed = _distance(one, other) / max(len(one), len(other))
    return changed * differing / max(len(before), len(after))


def _without_the_same_ends(
    one: Sequence[str], other: Sequence[str]
) -> tuple[Sequence[str], Sequence[str]]:
    shortest = min(len(one), len(other))
    start = next((n for n in range(shortest) if one[n] != other[n]), shortest)
    left = shortest - start
    end = next((n for n in range(left) if one[-1 - n] != other[-1 - n]), left)
    return one[start : len(one) - end], other[start : len(other) - end]


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            change = diagonal + (word != against)
            diagonal = row[place]
            row[place] = min(change, row[place] + 1, row[place - 1] + 1)
    return row[-1]
