"""Sentences that several public pages say."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.web.languages import data_language
from caseward.web.views.public.languages import guessed_country
from caseward.web.views.public.pages import notice
from caseward.web.views.public.times import day_and_hour


def open_too_long() -> str:
    return _(
        "This page was open for too long, so nothing was sent. Your text is still here; please send"
        " it again."
    )


def trapped() -> str:
    return _(
        "Your browser filled in a field that should stay empty, so nothing was sent. We emptied"
        " that field; please send again."
    )


def sent_too_often(request: HttpRequest, until: datetime) -> str:
    words = _(
        "A lot was sent from your connection within the last hour, so this was not sent. Your text"
        " is still here: send it again after %(time)s."
    )
    country = guessed_country(request)
    return words % {"time": day_and_hour(until, country=country, language=data_language())}


def broken_link(request: HttpRequest) -> HttpResponse:
    """Say how to get a link that works: nobody can tell which case this one meant."""
    return notice(
        request,
        heading=_("This link does not work"),
        words=_(
            "It may have been cut off by your mail program. Open it from our latest e-mail, or"
            " answer that e-mail: your answer reaches us, too. If you have neither, write to us"
            " again and mention your reference."
        ),
        status=404,
        link=reverse("help"),
        button=_("Write to us"),
    )


def expired_link(request: HttpRequest, *, post_to: str) -> HttpResponse:
    """Offer a new link, sent to the address we know and shown to nobody else."""
    return notice(
        request,
        heading=_("This link is too old"),
        words=_(
            "Links stop working after a while, to keep your messages private. We can send a new one"
            " to the e-mail address you wrote to us from."
        ),
        status=410,
        post_to=post_to,
        button=_("Send me a new link"),
    )


def not_from_our_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when the cookie that proves a form was ours did not come back."""
    return notice(
        request,
        heading=_("Nothing was sent"),
        words=_(
            "Your browser did not return our cookie, which shows that the form came from this page."
            " Allow cookies for this site, go back, where your text is still there, reload and send"
            " again."
        ),
        status=403,
    )
