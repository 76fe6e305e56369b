"""Addresses of emergencies, of asking for help and of incidents."""

from django.urls import path

from caseward.web.views import emergency_link
from caseward.web.views.desk import emergencies, helping, incidents

CASE = "desk/case/<slug:reference>"
ONE = "desk/emergencies/<int:emergency_id>"
INCIDENT = "desk/incidents/<int:incident_id>"

urlpatterns = [
    path("emergency/trial/<str:token>", emergency_link.answer_trial, name="emergency-trial"),
    path("emergency/<str:token>", emergency_link.take, name="emergency-take"),
    path("desk/emergencies", emergencies.emergencies, name="emergencies"),
    path("desk/emergencies/rest", emergencies.rest, name="emergency-rest"),
    path(ONE, emergencies.emergency, name="emergency"),
    path(f"{ONE}/take", emergencies.hold, name="emergency-hold"),
    path(f"{ONE}/approve", emergencies.approve, name="emergency-approve"),
    path(f"{ONE}/disclose", emergencies.disclose, name="emergency-disclose"),
    path(f"{ONE}/end", emergencies.end, name="emergency-end"),
    path(f"{CASE}/emergency", emergencies.raise_from_case, name="case-emergency"),
    path(f"{CASE}/false-alarm", emergencies.false_alarm, name="case-false-alarm"),
    path(f"{CASE}/answer/<int:question_id>", helping.answer_question, name="escalation-answer"),
    path("desk/help-wanted", helping.help_wanted, name="help-wanted"),
    path("desk/help-wanted/<int:help_id>/answer", helping.answer, name="help-answer"),
    path("desk/help-wanted/<int:help_id>/withdraw", helping.withdraw, name="help-withdraw"),
    path("desk/incidents", incidents.incidents, name="incidents"),
    path(INCIDENT, incidents.incident, name="incident"),
    path(f"{INCIDENT}/add", incidents.add, name="incident-add"),
    path(f"{INCIDENT}/remove", incidents.remove, name="incident-remove"),
    path(f"{INCIDENT}/tell", incidents.tell, name="incident-tell"),
    path(f"{INCIDENT}/close", incidents.close, name="incident-close"),
    path(f"{INCIDENT}/reopen", incidents.reopen, name="incident-reopen"),
]
