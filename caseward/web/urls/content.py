"""Addresses of what is written once and used by many: macros, playbooks, rules, help."""

from django.urls import path

from caseward.web.views.content import (
    automations,
    crisis,
    escalation_templates,
    macros,
    note_templates,
    playbooks,
)

MACRO = "macros/of/<slug:macro_key>"
PLAYBOOK = "playbooks/<int:reason_id>"
RULE = "automations/of/<slug:rule_key>"
NOTE = "templates/notes/<slug:template_key>"
ESCALATION = "templates/escalations/<slug:line_key>"
OF_REASON = f"{ESCALATION}/for/<slug:reason_key>"

urlpatterns = [
    path("macros", macros.macros, name="macros"),
    path("macros/new", macros.new_macro, name="macro-new"),
    path(MACRO, macros.macro, name="macro"),
    path(f"{MACRO}/preview", macros.preview_macro, name="macro-preview"),
    path(f"{MACRO}/<int:number>/changes", macros.compare_macro, name="macro-compare"),
    path(f"{MACRO}/<int:number>/<slug:do>", macros.macro_step, name="macro-step"),
    path("playbooks", playbooks.playbooks, name="playbooks"),
    path(PLAYBOOK, playbooks.playbook, name="playbook"),
    path(f"{PLAYBOOK}/<int:number>/changes", playbooks.compare_playbook, name="playbook-compare"),
    path(f"{PLAYBOOK}/<int:number>/<slug:do>", playbooks.playbook_step, name="playbook-step"),
    path("automations", automations.automations, name="automations"),
    path("automations/new", automations.new_automation, name="automation-new"),
    path("automations/runs/<int:run_id>/undo", automations.undo_automation, name="automation-undo"),
    path(RULE, automations.automation, name="automation"),
    path(f"{RULE}/<int:number>/<slug:do>", automations.automation_step, name="automation-step"),
    path("crisis", crisis.crisis, name="crisis"),
    path("crisis/new", crisis.edit_resource, name="crisis-new"),
    path("crisis/<int:resource_id>", crisis.edit_resource, name="crisis-edit"),
    path("crisis/<int:resource_id>/verify", crisis.verify, name="crisis-verify"),
    path("crisis/<int:resource_id>/doubt", crisis.doubt, name="crisis-doubt"),
    path("templates", note_templates.note_templates, name="note-templates"),
    path("templates/new-note", note_templates.note_template, name="note-template-new"),
    path(NOTE, note_templates.note_template, name="note-template"),
    path(f"{NOTE}/remove", note_templates.remove, name="note-template-remove"),
    path(
        "templates/escalations",
        escalation_templates.escalation_templates,
        name="escalation-templates",
    ),
    path(ESCALATION, escalation_templates.escalation_template, name="escalation-template-line"),
    path(
        f"{ESCALATION}/remove",
        escalation_templates.remove,
        name="escalation-template-line-remove",
    ),
    path(OF_REASON, escalation_templates.escalation_template, name="escalation-template"),
    path(f"{OF_REASON}/remove", escalation_templates.remove, name="escalation-template-remove"),
]
