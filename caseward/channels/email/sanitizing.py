"""Make an HTML mail safe to look at: nothing runs, nothing is fetched, every link says where to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3
from django.utils.translation import gettext as _

from caseward.channels.email import html_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_CHARACTERS = 2_000_000
TAGS = _words(
    "a abbr address b bdi bdo blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li "
    "mark ol p pre q rp rt ruby s samp small span strike strong sub summary sup table tbody "
    "td tfoot th thead time tr tt u ul var wbr"
)
DROPPED = _words(
    "script style head title template noscript object embed iframe frame applet svg math form "
    "select textarea button audio video canvas"
)
EVERYWHERE = frozenset({"dir", "lang", "title"})
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(EVERYWHERE),
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
    "table": {"align"},
    "time": {"datetime"},
}
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
LINK_SCHEMES = ("http://", "https://", "mailto:", "tel:")
DATA_IMAGE = re.compile(r"^data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=\s]{0,700000}$")
IMAGE = re.compile(r'<img((?:\s+[\w-]+(?:="[^"]*")?)*)\s*/?>')
LINK = re.compile(r'<a((?:\s+[\w-]+(?:="[^"]*")?)*)>(.*?)</a>', re.DOTALL)
VALUE = re.compile(r'([\w-]+)="([^"]*)"')
TAG = re.compile(r"<[^<>]*>")
BLOCKED = "#blocked"


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """HTML that may be shown inside a page, and how many remote images it would have loaded."""

    html: str
    blocked_images: int


def safe_html(
    html: str, *, cid_urls: Mapping[str, str] | None = None, load_images: bool = False
) -> SafeHtml:
    """Return the HTML of a mail without anything that acts, loads or disguises.

    Remote images are replaced by a marker, as they tell the sender who read the mail and when.

    Args:
        html: The HTML as it arrived.
        cid_urls: Where each inline image can be shown, by its Content-ID.
        load_images: Whether the reader asked for remote images.
    """
    if html_text.is_heavy(html):
        return SafeHtml(f"<pre>{escape(html_text.bare(html))}</pre>", 0)
    counter = _Images({key.strip("<>"): url for key, url in (cid_urls or {}).items()}, load_images)
    clean = _clean(html[:MOST_CHARACTERS], counter.filter)
    clean = IMAGE.sub(_image, clean)
    return SafeHtml(LINK.sub(_link, clean), counter.blocked)


def _clean(html: str, keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        html.replace("\x00", ""),
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


class _Images:
    """Decides about each address in the mail and counts the images it held back."""

    def __init__(self, cid_urls: Mapping[str, str], load_images: bool) -> None:
        self.cid_urls, self.load_images, self.blocked = cid_urls, load_images, 0

    def filter(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if value.strip().lower().startswith(LINK_SCHEMES) else None
        if tag == "img" and attribute == "src":
            return self._source(value.strip())
        if attribute in {"width", "height"}:
            return value if value.isascii() and value.isdigit() and len(value) < 5 else None
        return value

    def _source(self, value: str) -> str:
        if value.lower().startswith("cid:"):
            return self.cid_urls.get(value[4:], BLOCKED)
        if DATA_IMAGE.match(value):
            return value
        if value.lower().startswith(("http://", "https://")):
            if self.load_images:
                return value
            self.blocked += 1
        return BLOCKED


def _image(match: re.Match[str]) -> str:
    values = dict(VALUE.findall(match[1]))
    if values.get("src", BLOCKED) != BLOCKED:
        return f'<img{match[1]} loading="lazy" referrerpolicy="no-referrer">'
    if values.get("width") in {"0", "1"} or values.get("height") in {"0", "1"}:
        return ""
    label = values.get("alt", "").strip() or escape(_("Image not loaded"))
    return f'<span class="blocked-image">[{label}]</span>'


def _link(match: re.Match[str]) -> str:
    """Write the host behind a link after it, unless its text already is that address."""
    target = unescape(dict(VALUE.findall(match[1])).get("href", ""))
    host = host_of(target)
    shown = unescape(TAG.sub("", match[2])).strip().lower()
    shown_host = shown.partition("://")[2].partition("/")[0] or shown.partition("/")[0]
    if not host or shown_host in {host, f"www.{host}"}:
        return match[0]
    return f'{match[0]} <span class="link-host">({escape(host)})</span>'


def host_of(target: str) -> str:
    """Return the host a link leads to in its ASCII form, which shows look-alike letters up."""
    try:
        parts = urlsplit(target.strip())
        host = (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return "?"
