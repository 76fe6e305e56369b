"""Skeletons of notes for colleagues, so that a handover says what the next person needs."""

from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import NoteTemplate


@kept_per_revision
def note_templates_for(lob_id: int, *, in_house: bool) -> tuple[NoteTemplate, ...]:
    """Return the templates of a line of business and those for all, by title.

    Args:
        in_house: Whether whoever writes may use those that only in-house staff see.
    """
    mine = NoteTemplate.objects.filter(is_active=True, lob_id=lob_id)
    everybodys = NoteTemplate.objects.filter(is_active=True, lob_id=None)
    found = (*mine.order_by("title", "pk"), *everybodys.order_by("title", "pk"))
    return tuple(template for template in found if in_house or not template.in_house_only)
