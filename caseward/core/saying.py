"""Whether a text says anything at all."""

LEAST = 5  # letters: a short word or two
EAST_ASIAN = 0x2E80  # from here on a sign says about as much as three letters
WORTH = 3


def says_something(text: str, *, least: int = LEAST) -> bool:
    """Say whether a text has the letters of a word or two, in whatever script."""
    letters = (sign for sign in text if sign.isalnum())
    return sum(WORTH if ord(sign) >= EAST_ASIAN else 1 for sign in letters) >= least
