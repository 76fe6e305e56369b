"""The files that pages load: all of them ours or vendored, unchanged, and none missing."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "caseward/web"
STATIC = WEB / "static"


def _templates():
    return [*WEB.glob("templates/**/*.html"), *WEB.glob("jinja2/**/*.html")]


def test_vendored_files_are_what_the_lock_says():
    checked = subprocess.run(
        [sys.executable, ROOT / "scripts/vendor", "--check"], capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stderr


def test_every_vendored_package_names_its_licence_and_brings_the_text():
    for package in json.loads((STATIC / "vendor/vendor.lock").read_text()):
        assert package["licence"]
        assert any(name.endswith("/LICENSE") for name in package["sha256"])


def test_every_icon_a_template_names_is_in_the_sprite(icon_names):
    named = {
        name
        for page in _templates()
        for name in re.findall(r'{% icon "([^"]+)" %}', page.read_text())
    }

    assert named <= icon_names


def test_no_page_carries_styles_or_scripts_the_content_policy_refuses():
    inline = re.compile(r"<style|<script(?![^>]*\b(?:src=|application/json))|\s(?:style|on\w+)=")
    offenders = {page.name for page in _templates() if inline.search(page.read_text())}

    assert offenders == set()


def test_every_file_a_stylesheet_or_module_asks_for_exists():
    asking = re.compile(r"""(?:url\(["']?|^import (?:.*from )?["'])([^"')]+)""", re.MULTILINE)
    sources = [*STATIC.glob("css/**/*.css"), *STATIC.glob("js/*.js")]
    missing = {
        f"{source.name}: {wanted}"
        for source in sources
        for wanted in asking.findall(source.read_text())
        if not (source.parent / wanted).is_file()
    }

    assert missing == set()
