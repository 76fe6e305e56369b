"""How large a picture says it is, read from its first bytes and never by decoding it.

A picture of a few kilobytes may unpack to gigabytes in the memory of whoever looks at it.
"""

import struct

MOST_PIXELS = 80_000_000  # about what the largest cameras of phones write


def too_many_pixels(content: bytes) -> bool:
    """Say whether a PNG, GIF, WebP, BMP or JPEG claims more pixels than any camera has."""
    try:
        width, height = _size(content)
    except (struct.error, IndexError):
        return False
    return width * height > MOST_PIXELS


def _size(content: bytes) -> tuple[int, int]:
    """Return width and height; (0, 0) for what is no picture known here."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _pair(">II", content, 16)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", content, 6)
    if content.startswith(b"BM"):
        width, height = _pair("<ii", content, 18)
        return abs(width), abs(height)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return _jpeg(content) if content.startswith(b"\xff\xd8") else (0, 0)


def _pair(layout: str, content: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, content, at)
    return first, second


def _webp(content: bytes) -> tuple[int, int]:
    kind = content[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = _pair(">HH", content, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return 0, 0
