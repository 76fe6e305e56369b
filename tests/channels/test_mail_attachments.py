"""Files are judged by what they are, not by what they say they are."""

import io
import zipfile

import pytest

from caseward.channels.email.attachments import Risk, inspect

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


def a_zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_a_picture_is_plain_and_known_by_its_bytes():
    found = inspect(PNG, name="me.txt", declared_type="text/plain")

    assert (found.risk, found.real_type) == (Risk.PLAIN, "image/png")


def test_a_text_file_is_plain():
    assert inspect(b"name,age\n", name="a.csv", declared_type="text/csv").risk is Risk.PLAIN


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00" + bytes(60), "holiday.jpg"),
        (b"\x7fELF" + bytes(60), "x"),
        (b"#!/bin/sh\nrm -rf ~", "notes.txt"),
        (b"hello", "invoice.pdf.exe"),
        (b"hello", "invoice\u202efdp.js"),
        (b"hello", "sheet.xlsm"),
        (a_zip(setup__exe=b"x"), "files.zip"),
        (a_zip(inner__zip=b"x"), "files.zip"),
        (a_zip(bomb__txt=bytes(30_000_000)), "bomb.zip"),
        (b"PK\x03\x04 broken", "broken.zip"),
    ],
)
def test_what_may_harm_is_sealed_with_a_reason(content: bytes, name: str):
    found = inspect(content, name=name)
    assert found.risk is Risk.SEALED
    assert all(reason.endswith(".") for reason in found.reasons)


def test_html_is_never_shown_as_a_page():
    assert inspect(b"<!doctype html><script>", name="a.png").risk is Risk.DOWNLOAD_ONLY
    assert inspect(b"<svg xmlns='x'>", name="a.svg").risk is Risk.DOWNLOAD_ONLY


def test_an_ordinary_archive_is_plain():
    assert inspect(a_zip(a__txt=b"hello"), name="a.zip").risk is Risk.PLAIN
