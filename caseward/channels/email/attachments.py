"""Look at a file before any person does: what it really is and whether it may be opened.

Nothing is ever unpacked here: archives are judged by their tables of contents alone.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from enum import StrEnum

import filetype  # type: ignore[import-untyped]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_UNPACKED_BYTES = 500 * 1024 * 1024
MOST_RATIO = 120
MOST_MEMBERS = 5_000
MOST_BYTES = 25 * 1024 * 1024

EXECUTABLE_NAMES = _words(
    "ade adp apk app appx appxbundle bat cab chm cmd com cpl diagcab dll dmg elf exe hta img "
    "inf ins iso isp jar jnlp js jse lib lnk mde mjs msc msi msix msp mst nsh one pif ps1 "
    "psm1 py pyc rb reg run scf scr sct settingcontent-ms sh shb sys url vb vbe vbs vhd vhdx "
    "vxd wsc wsf wsh xll xlam"
)
MACRO_NAMES = _words("docm dotm xlsm xltm xlsb pptm potm ppam ppsm sldm")
ACTIVE_NAMES = _words("htm html xhtml shtml svg svgz xml mht mhtml xsl swf")
ARCHIVE_TYPES = frozenset(
    {
        "application/zip",
        "application/gzip",
        "application/x-7z-compressed",
        "application/x-rar-compressed",
        "application/x-tar",
        "application/x-bzip2",
        "application/x-xz",
        "application/zstd",
    }
)
EXECUTABLE_MAGIC = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"dex\n",
)
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|svg|script|body|iframe|\?xml)", re.IGNORECASE)
OFFICE_MACROS = ("vbaProject.bin", "vbaData.xml")
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class Risk(StrEnum):
    """What may happen to a file."""

    PLAIN = "PLAIN"  # may be opened or downloaded
    DOWNLOAD_ONLY = "DOWNLOAD_ONLY"  # never shown inside our pages
    SEALED = "SEALED"  # opened only by somebody allowed to, after a check


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file really is; `reasons` are sentences for the person who sees it sealed."""

    real_type: str
    risk: Risk
    reasons: tuple[str, ...] = ()


def inspect(content: bytes, *, name: str = "", declared_type: str = "") -> Inspection:
    """Judge a file by its bytes first, then by its name; the declared type is never trusted."""
    real_type = real_type_of(content, declared_type)
    reasons = [*_by_bytes(content), *_by_name(name)]
    if real_type == "application/zip" or content.startswith(b"PK"):
        real_type, found = _by_contents(content, real_type)
        reasons += found
    elif real_type in ARCHIVE_TYPES:
        reasons.append("It is an archive whose contents cannot be listed safely.")
    if len(content) > MOST_BYTES:
        reasons.append("It is larger than any file a request needs.")
    if reasons:
        return Inspection(real_type, Risk.SEALED, tuple(dict.fromkeys(reasons)))
    active = _extension(name) in ACTIVE_NAMES or MARKUP.search(content[:1_024]) is not None
    return Inspection(real_type, Risk.DOWNLOAD_ONLY if active else Risk.PLAIN)


def real_type_of(content: bytes, declared_type: str = "") -> str:
    """Return the media type the bytes show; for text, which has no mark, a cautious guess."""
    kind = filetype.guess(content[:8_192])
    if kind is not None:
        return str(kind.mime)
    if MARKUP.search(content[:1_024]):
        return "text/html"
    sample = content[:4_096]
    if b"\x00" not in sample and declared_type.startswith("text/"):
        return "text/plain"
    return (
        "text/plain" if sample.isascii() and b"\x00" not in sample else "application/octet-stream"
    )


def _by_bytes(content: bytes) -> list[str]:
    if content.startswith(EXECUTABLE_MAGIC):
        return ["It is a program, whatever its name says."]
    return []


def _by_name(name: str) -> list[str]:
    extension = _extension(name)
    if extension in EXECUTABLE_NAMES:
        return [f"Files ending in .{extension} can run on the reader's computer."]
    if extension in MACRO_NAMES:
        return [f"Files ending in .{extension} contain macros that can run."]
    if re.search(r"[\u202a-\u202e\u2066-\u2069]", name):
        return ["Its name contains marks that hide its real ending."]
    return []


def _extension(name: str) -> str:
    return name.strip(" .\u200e\u200f").rpartition(".")[2].lower() if "." in name else ""


def _by_contents(content: bytes, real_type: str) -> tuple[str, list[str]]:
    """Judge a ZIP by its table of contents: too much, too dense, locked, or with programs in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OSError, NotImplementedError, IndexError):
        return real_type, ["It claims to be an archive but cannot be read."]
    names = [member.filename for member in members]
    office = next((kind for folder, kind in OFFICE.items() if _has_folder(names, folder)), "")
    reasons = [*_by_size(members, len(content)), *_by_members(names, is_office=bool(office))]
    if any(member.flag_bits & 0x1 for member in members):
        reasons.append("It is locked with a password, so it cannot be checked.")
    return office or real_type, reasons


def _has_folder(names: list[str], folder: str) -> bool:
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def _by_size(members: list[zipfile.ZipInfo], packed: int) -> list[str]:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        return [f"It contains {len(members)} files."]
    if unpacked > MOST_UNPACKED_BYTES or unpacked > max(packed, 10_000) * MOST_RATIO:
        return ["It unpacks to far more than its size, as archives do that are meant to harm."]
    return []


def _by_members(names: list[str], *, is_office: bool) -> list[str]:
    if any(name.endswith(OFFICE_MACROS) for name in names):
        return ["It contains macros that can run."]
    if is_office:
        return []
    if any(_extension(name) in EXECUTABLE_NAMES for name in names):
        return ["It contains a program."]
    if any(_extension(name) in {"zip", "rar", "7z", "gz", "tar", "bz2", "xz"} for name in names):
        return ["It contains another archive."]
    return []
