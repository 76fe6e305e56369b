"""How somebody wants their desk."""

from caseward.casework.models import Preference
from caseward.org.models import Language, StaffMember


def preference_of(staff: StaffMember) -> Preference:
    """Return what somebody chose, or what holds until they do."""
    return Preference.objects.filter(staff=staff).first() or Preference(staff=staff)


def show_beside(*, by: StaffMember, is_split: bool) -> None:
    """Show cases beside their list, or on pages of their own."""
    Preference.objects.update_or_create(staff=by, defaults={"is_split": is_split})


def go_on_with(*, by: StaffMember, then: Preference.Then) -> None:
    """Choose where to go after an answer is sent or a case is handed on."""
    Preference.objects.update_or_create(staff=by, defaults={"after_sending": then})


def read_in(*, by: StaffMember, language: Language) -> None:
    """Choose the language one reads the desk in."""
    StaffMember.objects.filter(pk=by.pk).update(language=language)
    by.language = language
