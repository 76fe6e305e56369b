"""Why a case went, or did not go, to somebody: codes of `core.matching` in words.

Exposure left and opt-outs are nobody's business but the person's: everybody else, and so every
page, hears that there was no room.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said
from django.utils.translation import ngettext

from caseward.casework.services.assigning.matching import PRIVATE

REFUSED = {
    "right": said("may not work cases"),
    "tier": said("works in the other tier"),
    "vendor": said("works for another vendor, or in-house"),
    "lob": said("does not work in this line of business"),
    "language": said("does not work in this language"),
    "level": said("does not command the language well enough"),
    "certification": said("does not hold the certificate it needs"),
    "independence": said("had a part in it before"),
    "off_shift": said("is not on shift"),
    "unavailable": said("is not available"),
    "capacity": said("has no room for it now"),
    "queue_paused": said("its queue is paused"),
}


def cannot_take(reasons: Iterable[str]) -> str:
    """Return whole sentences for a refusal to give somebody a case."""
    codes = public(reasons)
    if not codes:
        return _("Nobody can take this case: it is finished. Reopen it first.")
    return _("This person cannot have the case: %(reasons)s. Choose somebody else.") % {
        "reasons": "; ".join(_(REFUSED[code]) for code in codes)
    }


def public(reasons: Iterable[str]) -> list[str]:
    """Return codes as anybody may read them, each once, in their order."""
    open_codes = ("capacity" if code in PRIVATE else code for code in reasons)
    return list(dict.fromkeys(open_codes))


def passed_over(refused: Mapping[str, int]) -> list[str]:
    """Return of how many people, or cases, which rule spoke against them, most first."""
    counts: Counter[str] = Counter()
    for code, count in refused.items():
        counts["capacity" if code in PRIVATE else code] += count
    return [
        ngettext("%(count)d: %(reason)s", "%(count)d: %(reason)s", count)
        % {"count": count, "reason": _(REFUSED[code])}
        for code, count in counts.most_common()
        if code in REFUSED
    ]


def by_reason[T](refused: Mapping[str, Sequence[T]]) -> list[tuple[str, Sequence[T]]]:
    """Return which rule speaks against whom in words, the one against most people first."""
    known = [(code, people) for code, people in refused.items() if code in REFUSED]
    return [(_(REFUSED[code]), people) for code, people in sorted(known, key=lambda o: -len(o[1]))]
