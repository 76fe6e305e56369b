"""What a list is ordered by, as its address says it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from caseward.casework.listing import Order
from caseward.web.views.desk.case_list import CaseList


def read(query: Mapping[str, str], case_list: CaseList) -> Order:
    """Return the order asked for, where the list has it; by deadline otherwise."""
    asked = query.get("order", "")
    return Order(asked) if asked in _offered(case_list) else Order.DUE


def field(order: Order, case_list: CaseList) -> list[dict[str, Any]]:
    """Return the field that chooses the order, for the filters of a list; none where it has one."""
    offered = _offered(case_list)
    if not offered:
        return []
    options = [(code, words) for code, words in offered.items() if code != Order.DUE]
    value = "" if order is Order.DUE else str(order)
    return [
        {
            "name": "order",
            "label": _("Order"),
            "unset": offered[Order.DUE],
            "value": value,
            "options": options,
            "is_rare": False,
        }
    ]


def _offered(case_list: CaseList) -> dict[str, str]:
    if case_list.pile.finished_since:
        return {}
    words = {
        Order.DUE: _("By deadline"),
        Order.PRIORITY: _("By priority"),
        Order.OLDEST: _("Oldest first"),
        Order.NEWEST: _("Newest first"),
        Order.CHANGED: _("Changed last first"),
        Order.UNTOUCHED: _("Longest untouched first"),
    }
    if case_list.is_own:
        words[Order.MINE] = _("My own order")
    return {str(order): label for order, label in words.items()}
