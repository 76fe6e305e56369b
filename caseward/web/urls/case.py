"""Addresses of one case and what can be done with it."""

from functools import partial

from django.urls import path

from caseward.web.views.desk import (
    acts,
    back_again,
    case,
    composing,
    legal,
    originals,
    steps,
    why,
)

CASE = "desk/case/<slug:reference>"

urlpatterns = [
    path(CASE, case.show, name="case"),
    path(f"{CASE}/why", why.show, name="case-why"),
    path(f"{CASE}/changes", case.changes, name="case-changes"),
    path(f"{CASE}/legal", legal.note, name="case-legal"),
    path(f"{CASE}/legal/take-back", legal.take_back, name="case-legal-take-back"),
    path(f"{CASE}/silence", legal.keep_silent, name="case-silence"),
    path(f"{CASE}/take", case.take, name="case-take"),
    path(f"{CASE}/release", case.release, name="case-release"),
    path(f"{CASE}/step-back", back_again.undo, name="case-step-back"),
    path(f"{CASE}/reopen", case.reopen, name="case-reopen"),
    path(f"{CASE}/unmerge", case.unmerge, name="case-unmerge"),
    path(f"{CASE}/wake", case.wake, name="case-wake"),
    path(f"{CASE}/accept", case.accept, name="escalation-accept"),
    path(f"{CASE}/presence", case.be_present, name="case-presence"),
    path(f"{CASE}/tag", partial(case.change_tags, adds=True), name="case-tag"),
    path(f"{CASE}/untag", partial(case.change_tags, adds=False), name="case-untag"),
    path(f"{CASE}/unlink", case.unlink, name="case-unlink"),
    path(f"{CASE}/contact", case.reveal, name="case-reveal"),
    path(f"{CASE}/reply", composing.write, name="case-reply"),
    path(f"{CASE}/step/<slug:key>", steps.step, name="case-step"),
    path(f"{CASE}/gates/<int:reason_id>/<slug:do>", steps.gates, name="case-gates"),
    path(f"{CASE}/draft", composing.keep_draft, name="case-draft"),
    path(f"{CASE}/preview", composing.preview, name="case-preview"),
    path(f"{CASE}/take-back/<int:message_id>", composing.take_back, name="case-take-back"),
    *(
        path(f"{CASE}/{name}", partial(acts.act_on_case, act_id=name), name=f"case-{name}")
        for name in acts.ACTS
    ),
    path("desk/message/<int:message_id>/html", originals.html, name="message-html"),
    path("desk/message/<int:message_id>/raw", originals.raw, name="message-raw"),
    path("desk/attachment/<int:attachment_id>", originals.attachment, name="attachment"),
]
