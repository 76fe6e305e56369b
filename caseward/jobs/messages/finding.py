"""Which sentences the code marks for translation, and where."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract

PACKAGE = Path(__file__).resolve().parents[2]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_lazy": None,
    "lazy": None,
    "said": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = {".html", ".txt"}
REQUESTERS_READ = (
    "web/templates/public/",
    "web/templates/base_public.html",
    "web/views/public/",
    "channels/",
)
"""Where every sentence must exist in every language, for requesters read it."""

STAFF_READ = ("web/", "casework/", "org/", "sla/", "routing/", "wellbeing/", "metrics/")
"""Where sentences are shown at the desk: they are checked too when asked for."""


@dataclass
class Message:
    """A sentence marked for translation."""

    text: str
    plural: str = ""
    context: str = ""
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text

    @property
    def is_for_requesters(self) -> bool:
        return any(place.startswith(REQUESTERS_READ) for place in self.places)

    @property
    def is_for_staff(self) -> bool:
        return any(place.startswith(STAFF_READ) for place in self.places)


def find_messages(root: Path = PACKAGE) -> list[Message]:
    """Return every marked sentence of the package once, in a stable order."""
    found: dict[tuple[str, str], Message] = {}
    for file in sorted(root.rglob("*")):
        if file.suffix in {".py", *TEMPLATES} and "migrations" not in file.parts:
            for message in _in_file(file, root):
                known = found.setdefault(message.key, message)
                known.plural = known.plural or message.plural
                if known is not message:
                    known.places += message.places
    return [found[key] for key in sorted(found)]


def _in_file(file: Path, root: Path) -> Iterator[Message]:
    place = str(file.relative_to(root))
    source = file.read_text()
    method = "python"
    if "jinja2" in file.parts:
        method = "jinja2.ext:babel_extract"
    elif file.suffix in TEMPLATES:
        source = _as_python(source, place)
    for _line, text, _comments, context in extract(method, io.BytesIO(source.encode()), KEYWORDS):
        singular, plural = (text, "") if isinstance(text, str) else (text[0], text[1])
        yield Message(singular, plural, context or "", [place])


def _as_python(source: str, origin: str) -> str:
    """Turn a Django template into Python that says only what is marked, without indentation."""
    from django.utils.translation.template import templatize

    return re.sub(r"(?m)^[ \t]+", "", templatize(source, origin=origin))
