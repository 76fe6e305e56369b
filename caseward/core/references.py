"""Case references that people can read out, type and copy: `CW-7F3K-9QP`.

Six random symbols and a check symbol. The symbols are Crockford's: digits and capital letters
without I, L, O and U. Read as elements of the field with 32 elements, the seven symbols are the
coefficients of a polynomial that is zero at a generator of the field. The weights of the places
are therefore all different and none is zero, so that a reference with any one symbol wrong, or
any two symbols swapped (neighbours or not), is no reference.
"""

import re
import unicodedata

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 30
PREFIX = "CW"

_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_LOOKALIKES = str.maketrans("OIL", "011")
_GAP = r"[ _\-\u2010-\u2015\u2212]?"
_BODY = rf"([0-9A-TV-Z]{{4}}){_GAP}([0-9A-TV-Z]{{3}})"
_WRITTEN = re.compile(rf"(?:{PREFIX}{_GAP})?{_BODY}", re.IGNORECASE | re.ASCII)
_IN_TEXT = re.compile(rf"(?<![0-9A-Z]){PREFIX}{_GAP}{_BODY}(?![0-9A-Z])", re.IGNORECASE | re.ASCII)


def reference_from(random_number: int) -> str:
    """Return the reference of a random number of 30 bits, such as `secrets.randbits(30)`.

    Raises:
        ValueError: a number below 0 or of more than 30 bits.
    """
    if not 0 <= random_number < 1 << RANDOM_BITS:
        raise ValueError(f"random_number must have at most {RANDOM_BITS} bits, got {random_number}")
    body = "".join(SYMBOLS[random_number >> shift & 31] for shift in range(25, -1, -5))
    return _written(body + SYMBOLS[_times_generator(_remainder(body))])


def parse_reference(text: str) -> str | None:
    """Return the reference a text consists of, written properly, or None if it is none.

    Lower case, missing hyphens or prefix, other dashes, full-width letters, O for 0 and I or L
    for 1 are all understood.
    """
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return _checked(match) if match else None


def find_references(text: str) -> list[str]:
    """Return the references inside a longer text, each once, in order; the prefix is needed."""
    found = (_checked(match) for match in _IN_TEXT.finditer(unicodedata.normalize("NFKC", text)))
    return list(dict.fromkeys(reference for reference in found if reference))


def _checked(match: re.Match[str]) -> str | None:
    symbols = "".join(match.groups()).upper().translate(_LOOKALIKES)
    return _written(symbols) if _remainder(symbols) == 0 else None


def _written(symbols: str) -> str:
    return f"{PREFIX}-{symbols[:4]}-{symbols[4:]}"


def _remainder(symbols: str) -> int:
    """Return the value of the polynomial at the generator (Horner's rule)."""
    value = 0
    for symbol in symbols:
        value = _times_generator(value) ^ _VALUES[symbol]
    return value


def _times_generator(value: int) -> int:
    """Multiply by x modulo the primitive polynomial x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled
