"""Turn bytes into text, whatever the label says or fails to say."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Labels are applied to supersets: senders of "gb2312" really use all of GB 18030, and so on.
SUPERSETS = {
    "ascii": "",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "big5": "big5hkscs",
    "iso2022_jp": "iso2022_jp_ext",
}
ALIASES = {
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "chinesebig5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "x-windows-949": "cp949",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-windows-874": "cp874",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "ansi_x3.4-1968": "",
}
# Decoders whose every byte sequence is "valid", so success says nothing about the label.
FORGIVING = re.compile(r"^(cp125\d|cp8\d\d|iso8859-\d+|koi8-[rut]|mac-.*|kz1048|cp1140)$")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ESCAPES = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI])")
KOREAN_ESCAPE = b"\x1b$)C"
COMMON_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力"
    "它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应请谢您号登录帐户密码被封吗"
)
COMMON_TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道"
    "行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力"
    "它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應請謝您號登錄帳戶密碼被封嗎"
)


def decode(data: bytes, label: str | None = None) -> tuple[str, bool]:
    """Return the text of `data` and whether the label had to be overruled or bytes replaced.

    NUL characters are removed: PostgreSQL cannot hold them and nobody meant them.
    """
    text, repaired = _decode(data, label)
    if "\x00" in text:
        return text.replace("\x00", ""), True
    return text, repaired


def _decode(data: bytes, label: str | None) -> tuple[str, bool]:
    if data.isascii() and not (b"\x1b" in data or b"\x00" in data):
        if label and (codec := codec_for(label)) in {"utf-7", "hz"}:
            return _as(data, codec) or data.decode("ascii"), False
        return data.decode("ascii"), False
    for bom, codec in BOMS:
        if data.startswith(bom) and (text := _as(data, codec)) is not None:
            return text, False
    return _by_label(data, codec_for(label) if label else "")


def _by_label(data: bytes, codec: str) -> tuple[str, bool]:
    if not codec or codec == "utf-8" or FORGIVING.match(codec):
        text = _as(data, "utf-8")
        if text is not None:
            return text, bool(codec) and codec != "utf-8"
    if codec and (text := _as(data, codec)) is not None:
        return text, False
    if codec and _is_nearly(data, codec):
        return data.decode(codec, "replace"), True
    return guess(data), True


@lru_cache(maxsize=512)
def codec_for(label: str) -> str:
    """Return the codec that reads what is sent under this label, or "" when it names none."""
    name = label.strip().strip("\"'").lower()
    if name in ALIASES:
        return ALIASES[name]
    for candidate in (name, name.replace("_", "-"), re.sub(r"^(x-|cs)", "", name)):
        try:
            codec = codecs.lookup(candidate[:60])
        except (LookupError, ValueError):
            continue
        return SUPERSETS.get(codec.name, codec.name) if codec._is_text_encoding else ""
    return ""


def guess(data: bytes) -> str:
    """Return the likeliest reading of unlabelled or wrongly labelled bytes.

    Tries what announces itself first, then scores each legacy encoding by how common the
    characters are that it yields; the last resort loses nothing but the accents.
    """
    if KOREAN_ESCAPE in data and (text := _as(data, "iso2022_kr")) is not None:
        return text
    if ESCAPES.search(data) and (text := _as(data, "iso2022_jp_ext")) is not None:
        return text
    if (wide := _wide_codec(data)) and (text := _as(data, wide)) is not None:
        return text
    if _is_nearly(data, "utf-8"):
        return data.decode("utf-8", "replace")
    return _best_legacy(data)


def _best_legacy(data: bytes) -> str:
    sample = data[:8_192]
    scored = [(score(text), codec) for codec in LEGACY if (text := _sampled(sample, codec))]
    best, codec = max(scored, default=(0.0, ""))
    return data.decode(codec if best > 0.25 else "cp1252", "replace")


# A word half in ASCII, half in another alphabet: really Latin letters with accents.
MIXED_WORDS = re.compile(r"[A-Za-z][\u0400-\u0e5b]|[\u0400-\u0e5b][A-Za-z]")
LEGACY = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "koi8-r", "cp874")


def score(text: str) -> float:
    """Return how much of the non-ASCII text is common in some language, from 0 to 1.

    Letters of an alphabet count only in their usual case, which tells KOI8-R from Windows-1251.
    """
    wide = [c for c in text if c > "\x7f"]
    if not wide:
        return 0.0
    return max(
        sum(c in COMMON_SIMPLIFIED for c in wide) * 2.0,
        sum(c in COMMON_TRADITIONAL for c in wide) * 2.0,
        _japanese(wide),
        sum("가" <= c <= "힣" for c in wide) * 0.9,
        _cyrillic(wide) - len(MIXED_WORDS.findall(text)),
        sum("ก" <= c <= "๛" for c in wide) * 0.8 - len(MIXED_WORDS.findall(text)),
    ) / len(wide)


def _cyrillic(wide: list[str]) -> float:
    small = sum("а" <= c <= "я" for c in wide)
    return small - sum("А" <= c <= "Я" for c in wide) * 0.3


def _japanese(wide: list[str]) -> float:
    kana = sum("ぁ" <= c <= "ヺ" for c in wide)
    halfwidth = sum("｡" <= c <= "ﾟ" for c in wide)
    kanji = sum("一" <= c <= "鿿" for c in wide)
    return kana * 1.5 + min(kanji, kana) * 0.5 - halfwidth


def _as(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _sampled(sample: bytes, codec: str) -> str | None:
    """Decode a sample whose last character may have been cut in two."""
    for cut in range(3):
        text = _as(sample[: len(sample) - cut], codec)
        if text is not None:
            return text
    return None


def _is_nearly(data: bytes, codec: str) -> bool:
    """Whether only a few bytes in a hundred do not fit, as after a careless cut or paste."""
    text = data[:65_536].decode(codec, "replace")
    bad = text.count("�")
    wide = sum(c > "\x7f" for c in text)
    return bad <= max(1, wide // 20) and bad * 2 < wide


def _wide_codec(data: bytes) -> str:
    """Name the 16-bit encoding whose unmarked text this is, by where its zero bytes stand."""
    sample = data[:512]
    if sample.count(0) * 3 < len(sample) or len(sample) < 4:
        return ""
    return "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"
