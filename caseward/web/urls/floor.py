"""Addresses of the floor, its moves and its wallboard."""

from django.urls import path

from caseward.web.views.floor import acts, page, wall

CASE = "case/<slug:reference>"
QUEUE = "queue/<int:queue_id>"
PERSON = "person/<int:staff_id>"

urlpatterns = [
    path("", page.floor, name="floor"),
    path("shared/<str:token>", page.floor_shared, name="floor-shared"),
    path("wallboard", wall.wallboard, name="floor-wallboard"),
    path("screen", wall.screen_link, name="floor-screen-link"),
    path("screen/<str:token>", wall.screen, name="floor-screen"),
    path(f"{CASE}/give", acts.give, name="floor-give"),
    path(f"{CASE}/put-back", acts.put_back, name="floor-put-back"),
    path(f"{QUEUE}/overflow", acts.overflow, name="floor-overflow"),
    path(f"{QUEUE}/pause", acts.pause, name="floor-pause"),
    path(f"{QUEUE}/resume", acts.resume, name="floor-resume"),
    path(f"{QUEUE}/borrow", acts.borrow_for_queue, name="floor-staff-queue"),
    path(f"{PERSON}/borrow", acts.borrow_person, name="floor-borrow"),
    path(f"{PERSON}/ask", acts.ask, name="floor-ask"),
    path("tell", acts.tell, name="floor-tell"),
    path("moves/<int:move_id>/undo", acts.undo, name="floor-undo"),
]
