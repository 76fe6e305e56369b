"""Writes reasons, dispositions, forms, promises and mailboxes."""

from datetime import timedelta
from typing import Any

from caseward.channels import models as channels
from caseward.jobs.operation import macros
from caseward.jobs.operation.parts import (
    LEVELS,
    Disposition,
    Duty,
    Form,
    FormField,
    Mailbox,
    Promise,
    Reason,
)
from caseward.jobs.operation.writing_organisation import Remover, Writer
from caseward.org.models import LineOfBusiness, Site
from caseward.policy import models as policy
from caseward.sla import models as sla
from caseward.sla.models import Measured


def _write_reason(reason: Reason) -> None:
    policy.Reason.objects.update_or_create(
        lob=_line(reason.line_of_business),
        key=reason.key,
        defaults={
            "names": reason.names,
            "cues": reason.cues,
            "priority": reason.priority,
            "severity": reason.severity,
            "category": reason.category,
            "certification": reason.certification,
            "language_level": LEVELS.index(reason.language_level) + 1,
            "handling_minutes": reason.handling / timedelta(minutes=1),
            "is_active": True,
        },
    )


def _write_disposition(disposition: Disposition) -> None:
    policy.Disposition.objects.update_or_create(
        lob=_line(disposition.line_of_business),
        key=disposition.key,
        defaults={
            "names": disposition.names,
            "is_survey_wanted": disposition.is_survey_wanted,
            "is_active": True,
        },
    )


def _write_form(form: Form) -> None:
    channels.Form.objects.update_or_create(
        lob=_line(str(form.line_of_business)),
        defaults={
            "titles": form.titles,
            "introductions": form.introductions,
            "offers_upload": form.offers_upload,
            "fields": [_field(field) for field in form.fields],
            "is_active": True,
        },
    )


def _field(field: FormField) -> dict[str, Any]:
    return {
        "key": field.key,
        "kind": field.kind,
        "required": field.required,
        "labels": field.labels,
        "hints": field.hints,
        "errors": field.errors,
        "choices": [{"key": choice.key, "names": choice.names} for choice in field.choices],
    }


def _write_promise(promise: Promise) -> None:
    line = _line(promise.line_of_business)
    known = sla.Promise.objects.filter(lob=line, priority=promise.priority)
    for kind, duty in promise.duties.items():
        if duty is None:
            known.filter(kind=kind).delete()
        else:
            sla.Promise.objects.update_or_create(
                lob=line, priority=promise.priority, kind=kind, defaults=_duty(duty)
            )


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "duration": duty.within,
        "measured": Measured(duty.measured.upper()),
        "site": Site.objects.get(key=duty.calendar) if duty.calendar else None,
        "market": duty.market,
    }


def _write_mailbox(mailbox: Mailbox) -> None:
    channels.Mailbox.objects.update_or_create(
        address=mailbox.address,
        defaults={
            "name": mailbox.name,
            "lob": _line(mailbox.line_of_business),
            "language": mailbox.language,
            "signatures": mailbox.signatures,
        },
    )


def _line(key: str) -> LineOfBusiness:
    return LineOfBusiness.objects.get(key=key)


def _retire_reason(reason: Reason) -> None:
    found = policy.Reason.objects.filter(lob__key=reason.line_of_business, key=reason.key)
    found.update(is_active=False)


def _retire_disposition(disposition: Disposition) -> None:
    of_line = policy.Disposition.objects.filter(lob__key=disposition.line_of_business)
    of_line.filter(key=disposition.key).update(is_active=False)


def _close_form(form: Form) -> None:
    channels.Form.objects.filter(lob__key=form.line_of_business).update(is_active=False)


def _withdraw_promise(promise: Promise) -> None:
    of_line = sla.Promise.objects.filter(lob__key=promise.line_of_business)
    of_line.filter(priority=promise.priority).delete()


def _close_mailbox(mailbox: Mailbox) -> None:
    channels.Mailbox.objects.filter(address=mailbox.address).delete()


WRITERS: dict[str, Writer] = {
    "reason": _write_reason,
    "disposition": _write_disposition,
    "macro": macros.write,
    "form": _write_form,
    "promise": _write_promise,
    "mailbox": _write_mailbox,
}
REMOVERS: dict[str, Remover] = {
    "reason": _retire_reason,
    "disposition": _retire_disposition,
    "macro": macros.retire,
    "form": _close_form,
    "promise": _withdraw_promise,
    "mailbox": _close_mailbox,
}
