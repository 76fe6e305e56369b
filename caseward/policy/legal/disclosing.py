"""Finding words by which somebody would be told that a matter was reported to an authority.

Some laws forbid that (in Malaysia s. 29 of the Online Safety Act). Words alone cannot prove that an
answer keeps silent; they stop the plain cases, in each language of the desk. "Please report this to
the police" is advice and is not caught: what counts is that *we* reported, or that it was reported.
"""

import re
import unicodedata

AUTHORITIES = {
    "en": r"(?:the )?(?:police|authorit(?:y|ies)|law enforcement|enforcement agency|regulator"
    r"|mcmc|ncmec|nca|interpol|cybertipline|prosecutor)",
    "ms": r"(?:polis|pihak berkuasa|agensi penguatkuasaan|mcmc|skmm|pdrm)",
}
REPORTED = {
    "en": r"(?:\bwe\b(?: have| had)?(?: already)?|\bit\b(?: was| has been)|\bwas\b|\bhas been\b"
    r"|\bhave been\b|\bwere\b) (?:also )?(?:reported|referred|passed|forwarded|handed|escalated)",
    "ms": r"(?:kami (?:telah|sudah)? ?(?:melaporkan|melapor|menyerahkan|memajukan)"
    r"|telah (?:dilaporkan|diserahkan|dimajukan))",
}
UP_TO_THEM = r"[^.!?\n]{0,80}?\b"  # in the same sentence
OTHER_SCRIPTS = (
    r"(?:पुलिस|अधिकारियों|प्राधिकरण)[^।.\n]{0,40}(?:सूचित|रिपोर्ट|शिकायत)[^।.\n]{0,20}"
    r"(?:किया|कर दिया|दी|भेज)",
    r"(?:காவல்துறை|போலீஸ்|அதிகாரிகள்)[^.\n]{0,40}(?:புகார் அளித்த|தெரிவித்த|அனுப்பிய)",
    r"(?:已|已经)[^。\n]{0,20}(?:向|给|交给)?(?:警方|警察|当局|执法)[^。\n]{0,20}"
    r"(?:报告|举报|报案|移交|通报)?",
    r"我们[^。\n]{0,10}(?:报警|报案)",
)
_PATTERNS = [
    re.compile(f"{REPORTED[language]}{UP_TO_THEM}{AUTHORITIES[language]}\\b")
    for language in AUTHORITIES
] + [re.compile(pattern) for pattern in OTHER_SCRIPTS]


def mentions_a_report(text: str) -> bool:
    """Say whether a text tells that something was reported to an authority."""
    plain = re.sub(r"[ \t]+", " ", unicodedata.normalize("NFKC", text).casefold())
    return any(pattern.search(plain) for pattern in _PATTERNS)
