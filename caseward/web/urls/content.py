"""Addresses of what is written once and used by many: macros, playbooks, rules, help."""

from django.urls import path

from caseward.web.views.content import automations, crisis, macros, playbooks

MACRO = "macros/of/<slug:macro_key>"
PLAYBOOK = "playbooks/<int:reason_id>"
RULE = "automations/of/<slug:rule_key>"

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
]
