"""Addresses of the desk: lists of cases, next case, search; those of a case are in `case`."""

from django.urls import include, path

from caseward.web.views.desk import (
    arranging,
    doing,
    escalated,
    lists,
    notices,
    preferring,
    saving,
    searching,
    taking,
    team_messages,
)

urlpatterns = [
    path("desk/notices", notices.notices, name="notices"),
    path("desk/notices/read", notices.read, name="notices-read"),
    path("desk/", lists.my_cases, name="my-cases"),
    path("desk/pending", lists.my_pending, name="my-pending"),
    path("desk/snoozed", lists.my_snoozed, name="my-snoozed"),
    path("desk/resolved", lists.my_resolved, name="my-resolved"),
    path("desk/escalated", escalated.escalated, name="my-escalations"),
    path("desk/queues/", lists.queues, name="queues"),
    path("desk/queues/<int:queue_id>", lists.queue, name="queue"),
    path("desk/tier-2", lists.tier_2, name="tier-2"),
    path("desk/unfinished", lists.unfinished, name="unfinished"),
    path("desk/next", taking.next_case, name="next-case"),
    path("desk/doing", doing.doing, name="doing"),
    path("desk/doing/say", doing.say, name="doing-say"),
    path("desk/here", doing.be_here, name="here"),
    path("desk/offer/<int:offer_id>/accept", doing.accept, name="offer-accept"),
    path("desk/offer/<int:offer_id>/pass", doing.pass_on, name="offer-pass"),
    path("desk/nothing-waits", taking.nothing_waits, name="nothing-waits"),
    path("desk/search", searching.search, name="search"),
    path("desk/yours", preferring.your_desk, name="your-desk"),
    path("desk/order/<slug:reference>", arranging.move_case, name="move-case"),
    path("desk/beside", preferring.show_beside, name="show-beside"),
    path("desk/filters", saving.saved_filters, name="saved-filters"),
    path("desk/filters/<int:filter_id>/change", saving.change_filter, name="change-filter"),
    path("desk/filters/restore/<str:kept>", saving.restore_filter, name="restore-filter"),
    path("desk/filters/<int:filter_id>/delete", saving.delete_filter, name="delete-filter"),
    path("desk/messages", team_messages.messages, name="team-messages"),
    path("desk/messages/<int:message_id>/read", team_messages.read, name="team-message-read"),
    path("", include("caseward.web.urls.case")),
]
