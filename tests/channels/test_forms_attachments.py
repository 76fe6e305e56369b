"""Files people send: kept by their content, judged by what they are."""

import io
import os
import struct
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from caseward.casework.models import Attachment
from caseward.channels import attachments
from tests.builders import a_case

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 8, 8, 8, 2, 0, 0, 0, 0)
HUGE_PNG = PNG.replace(struct.pack(">II", 8, 8), struct.pack(">II", 60_000, 60_000))


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    return tmp_path


def a_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", bytes(30_000_000))
    return packed.getvalue()


def test_the_same_bytes_are_kept_once_under_their_digest(store):
    first = attachments.keep(PNG, name="a.png")
    second = attachments.keep(PNG, name="b.png")

    assert first.sha256 == second.sha256
    assert attachments.path_of(first.sha256).read_bytes() == PNG
    assert [path.name for path in store.rglob("*") if path.is_file()] == [first.sha256]


@pytest.mark.parametrize(
    ("content", "name", "state"),
    [
        (PNG, "screen.png", "CLEAN"),
        (b"%PDF-1.7 ...", "letter.pdf", "CLEAN"),
        (b"hello", "note.txt", "CLEAN"),
        (b"MZ\x90\x00", "invoice.pdf", "REFUSED"),
        (b"#!/bin/sh\nrm -rf /", "readme", "REFUSED"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "logo.png", "REFUSED"),
        (b"<!doctype html><script>alert(1)</script>", "page.txt", "REFUSED"),
        (b"plain", "run.bat", "REFUSED"),
        (HUGE_PNG, "x.png", "REFUSED"),
    ],
)
def test_what_a_file_is_decides_not_its_name(content, name, state):
    kept = attachments.keep(content, name=name)

    assert kept.state == state
    assert bool(kept.note) == (state == "REFUSED")


def test_an_archive_that_unpacks_to_far_too_much_is_refused_unopened():
    assert attachments.judge(a_bomb(), name="photos.zip").state == "REFUSED"


@pytest.mark.parametrize(("stays_sealed", "state"), [(False, "CLEAN"), (True, "SEALED")])
def test_a_line_of_business_may_seal_whatever_people_attach(stays_sealed, state):
    assert attachments.judge(PNG, name="a.png", stays_sealed=stays_sealed).state == state


@pytest.mark.parametrize(
    ("name", "plain"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\a.png", "a.png"), ("\x00\u202e", "file")],
)
def test_a_name_is_only_a_name(name, plain):
    assert attachments.keep(PNG, name=name).name == plain


@pytest.mark.django_db
def test_bytes_nobody_mentions_are_swept_away_and_others_stay():
    kept = [attachments.keep(text, name="a.txt") for text in (b"used", b"abandoned", b"new")]
    attachments.attach(a_case().messages.get().pk, kept[:1])
    long_ago = (NOW - timedelta(days=3)).timestamp()
    for file, at in zip(kept, [long_ago, long_ago, NOW.timestamp()], strict=True):
        os.utime(attachments.path_of(file.sha256), (at, at))

    assert attachments.remove_abandoned(now=NOW) == 1
    assert [attachments.path_of(file.sha256).exists() for file in kept] == [True, False, True]
    assert Attachment.objects.get().state == "CLEAN"
