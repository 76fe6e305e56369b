"""Templates of notes for their picker, filled with what the case knows."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caseward.casework.models import Case
from caseward.org.models import StaffMember
from caseward.policy.macros import filled
from caseward.policy.models import NoteTemplate
from caseward.policy.note_templates import note_templates_for
from caseward.web.languages import data_language
from caseward.web.views.desk.showing.macros import marked, values_for


def note_templates(case: Case, writer: StaffMember, today: date) -> list[dict[str, Any]]:
    """Return what may be noted on a case by template; a few of ours where nobody wrote any."""
    known = note_templates_for(case.lob_id, in_house=writer.vendor_id is None) or _ours()
    language = data_language()
    values = {**values_for(case, writer, today), "today": date_format(today, "j F Y")}
    return [
        {
            "key": template.key,
            "name": template.title,
            "text": marked(filled(template.text_in(language), values)),
            "in_house_only": template.in_house_only,
        }
        for template in known
    ]


def _ours() -> list[NoteTemplate]:
    return [
        NoteTemplate(
            key="handover",
            title=_("Handover"),
            texts={"en": _("Done so far: {done}\nStill to do: {to_do}\nPromised: {promised}")},
        ),
        NoteTemplate(
            key="phone-call",
            title=_("Phone call"),
            texts={
                "en": _("Called on {today}.\nSpoke with: {who}\nSaid: {said}\nAgreed: {agreed}")
            },
        ),
        NoteTemplate(
            key="checked",
            title=_("What was checked"),
            texts={"en": _("Checked: {what}\nFound: {found}\nSo: {conclusion}")},
        ),
    ]
