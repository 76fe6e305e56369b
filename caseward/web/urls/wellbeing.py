"""Addresses of one's own wellbeing, of the key to stop, and of caps that met deadlines."""

from django.urls import path

from caseward.web.views.wellbeing import capacity, caps, own

urlpatterns = [
    path("desk/wellbeing", own.own, name="wellbeing"),
    path("desk/wellbeing/opt-out", own.opt_out, name="opt-out"),
    path("desk/wellbeing/requests/<int:request_id>/agree", own.agree, name="consent-agree"),
    path("desk/wellbeing/requests/<int:request_id>/decline", own.decline, name="consent-decline"),
    path("desk/stop", own.stop, name="stop"),
    path("desk/stop/undo", own.undo, name="stop-undo"),
    path("lead/capacity", capacity.capacity, name="capacity"),
    path("lead/capacity/caps", caps.caps, name="caps"),
    path("lead/capacity/caps/set", caps.set_caps, name="caps-set"),
    path("lead/capacity/<int:incident_id>/ask", capacity.ask, name="capacity-ask"),
]
