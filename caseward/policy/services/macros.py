"""Beginning a macro, and taking over what the files of an operation say."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy import access
from caseward.policy.macro_actions import Actions
from caseward.policy.models import Macro, MacroVersion, VersionState

DOES_NOTHING = Actions()


class KeyTaken(Exception):
    """There is a macro of this key already."""


@transaction.atomic
def begin_macro(*, key: str, lob: LineOfBusiness | None, title: str, by: StaffMember) -> Macro:
    """Make room for a macro; nobody can use it before a version of it is released.

    Raises:
        access.NotYoursToWrite: the person does not work in this line of business.
        KeyTaken: choose another key.
    """
    if not access.may_write(by, lob.pk if lob else None):
        raise access.NotYoursToWrite
    macro, is_new = Macro.objects.get_or_create(
        key=key, defaults={"lob": lob, "title": title, "texts": {}, "is_active": False}
    )
    if not is_new:
        raise KeyTaken(key)
    return macro


@transaction.atomic
def macro_from_file(
    *,
    key: str,
    lob: LineOfBusiness | None,
    title: str,
    texts: Mapping[str, str],
    actions: Actions = DOES_NOTHING,
    conditions: Mapping[str, list[str]] | None = None,
    is_safe_when_locked: bool = False,
) -> Macro:
    """Release what a file of the operation says, which people have reviewed like code.

    The file says all there is: what it leaves out the macro does not do, and without conditions
    it is for every case. The same again makes no new version.
    """
    content = {
        "title": title,
        "texts": dict(texts),
        "actions": actions.stored(),
        "conditions": dict(conditions or {}),
        "is_safe_when_locked": is_safe_when_locked,
    }
    macro, _ = Macro.objects.update_or_create(
        key=key, defaults={"lob": lob, "title": title, "texts": texts, "is_active": True}
    )
    released = macro.versions.filter(state=VersionState.RELEASED).first()
    if released is None or content != {name: getattr(released, name) for name in content}:
        _release(macro, released, content)
        look_again()
    return macro


def _release(macro: Macro, before: MacroVersion | None, content: Mapping[str, Any]) -> None:
    if before:
        before.state, before.retired_at = VersionState.RETIRED, Now()
        before.save(update_fields=["state", "retired_at"])
    highest = macro.versions.aggregate(number=Max("number"))["number"] or 0
    MacroVersion.objects.create(
        macro=macro,
        number=highest + 1,
        state=VersionState.RELEASED,
        released_at=Now(),
        **content,
    )
