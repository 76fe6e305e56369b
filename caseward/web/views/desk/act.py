"""A verb on a case that asks something first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caseward.org.models import StaffMember
from caseward.web.views.desk.act_forms import ActForm

Answers = dict[str, Any]
Verb = Callable[[str, StaffMember, Answers, "int | None", datetime], Any]


@dataclass(frozen=True)
class Act:
    """One verb: how it is asked for, who may, and what it calls."""

    id: str
    title: Any
    submit: Any
    form: type[ActForm]
    needs: str  # the permission of the page's head, such as `can_resolve`
    do: Verb
    done: Any = ""
    lead: Any = ""
    is_goodbye: bool = False  # whoever did it is done with the case
    undo: str = ""  # the name of the address that takes it back
    is_at_hand: bool = False  # its dialog comes with the page, not when it is asked for
