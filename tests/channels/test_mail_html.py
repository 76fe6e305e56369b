"""HTML mail is shown without anything that acts, loads or disguises."""

import time

import pytest

from caseward.channels.email.html_text import text_of
from caseward.channels.email.sanitizing import safe_html


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\tscript:alert(1)'>x</a>",
        "<iframe src='https://x.example'></iframe>",
        "<form action='https://x.example'><input name=password></form>",
        "<style>body{display:none}</style><p style='position:fixed'>x</p>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>",
        "<base href='https://x.example'><object data=x></object>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    ],
)
def test_nothing_acts(evil: str):
    clean = safe_html(f"<p>hello</p>{evil}").html.lower()
    assert "hello" in clean
    for word in (
        "script",
        "onerror",
        "<iframe",
        "<form",
        "<input",
        "style=",
        "<svg",
        "<meta",
        "<base",
    ):
        assert word not in clean


def test_remote_images_wait_until_asked_for():
    html = (
        '<img src="https://x.example/a.png" alt="Logo"><img src="http://x.example/p.gif" width=1>'
    )
    held = safe_html(html)
    assert (held.blocked_images, held.html) == (2, '<span class="blocked-image">[Logo]</span>')
    shown = safe_html(html, load_images=True)
    assert shown.blocked_images == 0
    assert 'src="https://x.example/a.png"' in shown.html


def test_inline_images_are_shown_from_our_store():
    shown = safe_html('<img src="cid:one@x">', cid_urls={"<one@x>": "/files/1"})
    assert 'src="/files/1"' in shown.html


def test_links_open_apart_and_say_where_they_lead():
    html = safe_html('<a href="https://evil.example/x">https://bank.example</a>').html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'target="_blank"' in html
    assert "(evil.example)" in html
    assert "xn--" in safe_html('<a href="https://аррle.com">Apple</a>').html
    assert "link-host" not in safe_html('<a href="https://x.example/a">x.example</a>').html


@pytest.mark.parametrize(
    "piece", ["<div>", "<a href='", "<table><td>", "<b><i>", "<!--", "<", "<p>", "&amp;"]
)
def test_hostile_html_costs_little(piece: str):
    started = time.process_time()
    safe_html(piece * 200_000)
    text_of(piece * 200_000)
    assert time.process_time() - started < 8
