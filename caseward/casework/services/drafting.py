"""The answer somebody is still writing, kept so that no sentence is lost."""

from datetime import datetime

from caseward.casework.models import Case, Draft
from caseward.org.models import StaffMember


def keep_draft(
    *, case: Case, staff: StaffMember, text: str, now: datetime, is_note: bool = False
) -> Draft | None:
    """Keep what somebody has written so far on a case; an empty text drops it."""
    if not text.strip():
        drop_draft(case=case, staff=staff)
        return None
    draft, _ = Draft.objects.update_or_create(
        case=case, staff=staff, defaults={"text": text, "is_note": is_note, "updated_at": now}
    )
    return draft


def drop_draft(*, case: Case, staff: StaffMember) -> None:
    """Forget the draft; nothing happens where there is none."""
    Draft.objects.filter(case=case, staff=staff).delete()


def draft_of(*, case: Case, staff: StaffMember) -> Draft | None:
    """Return what somebody has written so far, if anything."""
    return Draft.objects.filter(case=case, staff=staff).first()
