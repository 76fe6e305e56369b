"""The HTML of a mail, masked for a vendor's staff: nothing straddles a mark, nothing breaks out."""

from html.parser import HTMLParser

import pytest

from caseward.channels.email.masking_html import masked_html
from caseward.channels.email.sanitizing import safe_html
from tests.builders import a_case
from tests.security.conftest import browser_of

HARMLESS = {"href", "target", "rel", "title", "lang", "dir", "alt", "class"}


class Seen(HTMLParser):
    """Every attribute name a browser would see, the text, and whether each mark is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text, self.open = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names |= {name for name, _ in attrs}
        if tag not in {"br", "img", "hr", "wbr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def shown(html: str) -> str:
    return masked_html(safe_html(html).html)


@pytest.mark.parametrize(
    "html",
    [
        '<p title="otp 123456" lang=" hx-post=/desk/case/x/release hx-trigger=load x">Hi</p>',
        '<p title="password: a1" dir=" onmouseover=alert(1) x">Hi</p>',
        '<a title="pin: 1234" href="https://e.example/ onclick=alert(1) x">Hi</a>',
        '<p>password: a1<b title=" onclick=alert(1) ">b</b></p>',
        "<p>password: <b>geheim9</b><i>on</i></p>",
        '<p title="&quot; onclick=alert(1) asha@example.com">Hi</p>',
    ],
)
def test_hiding_a_secret_never_sets_attributes_free(html):
    seen = Seen(shown(html))

    assert seen.names <= HARMLESS
    assert seen.open == []


@pytest.mark.parametrize(
    "html",
    [
        "<p>asha<b>@</b>example.com</p>",
        "<p>asha@<wbr>example<i>.com</i></p>",
        "<p>Call +91 <span>98765</span> <span>43210</span></p>",
        '<a href="mailto:asha@example.com">write</a>',
        '<a href="https://e.example/?to=asha%40example.com">write</a>',
        '<a href="tel:+919876543210">call</a>',
        '<p title="asha@example.com">Hi</p>',
        '<img src="https://t.example/x.gif" alt="asha@example.com">',
        "<p>asha&#64;example&period;com</p>",
        "<p>password: <b>geheim9</b></p>",
    ],
)
def test_details_are_hidden_however_they_are_marked_up(html):
    page = shown(html)

    for part in ("asha", "98765", "9876543210", "43210", "geheim9"):
        assert part not in page


def test_what_is_no_detail_keeps_its_looks():
    page = shown(
        '<p>I <b>cannot</b> sign in &amp; <a href="https://e.example/a">wait</a> 3 &lt; 4</p>'
    )

    assert "<b>cannot</b> sign in &amp; " in page
    assert 'href="https://e.example/a"' in page
    assert "3 &lt; 4" in page


def test_a_strangers_mail_makes_no_browser_act(people):
    html = (
        '<p title="otp 123456" lang=" hx-post=/desk/x hx-trigger=load x">Mail asha@example.com</p>'
    )
    case = a_case(assignee=people.agent, html=html)

    page = browser_of(people.agent).get(f"/desk/message/{case.messages.get().pk}/html")

    body = page.content.decode().partition("as-sent")[2].partition("</article>")[0]
    assert not any(name.startswith("hx-") for name in Seen(f"<article class='{body}").names)
    assert "asha@example.com" not in body
