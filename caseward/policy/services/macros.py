"""Beginning a macro, and taking over what the files of an operation say."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy import access
from caseward.policy.models import Macro, MacroVersion, VersionState


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
    *, key: str, lob: LineOfBusiness | None, title: str, texts: Mapping[str, str]
) -> Macro:
    """Release what a file of the operation says, which people have reviewed like code.

    Actions and conditions written on screen stay; the same words again make no new version.
    """
    macro, _ = Macro.objects.update_or_create(
        key=key, defaults={"lob": lob, "title": title, "texts": texts, "is_active": True}
    )
    released = macro.versions.filter(state=VersionState.RELEASED).first()
    if released is None or (released.texts, released.title) != (texts, title):
        _release(macro, released)
        look_again()
    return macro


def _release(macro: Macro, before: MacroVersion | None) -> None:
    if before:
        before.state, before.retired_at = VersionState.RETIRED, Now()
        before.save(update_fields=["state", "retired_at"])
    highest = macro.versions.aggregate(number=Max("number"))["number"] or 0
    MacroVersion.objects.create(
        macro=macro,
        number=highest + 1,
        state=VersionState.RELEASED,
        released_at=Now(),
        title=macro.title,
        texts=macro.texts,
        actions=before.actions if before else {},
        conditions=before.conditions if before else {},
        is_safe_when_locked=before.is_safe_when_locked if before else False,
    )
