"""What leads change on screen: kept whole, read in-house only, never changed afterwards."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from caseward.casework.emergency.rotas import ROTAS
from caseward.org import changing
from caseward.org.acting import Actor, acting
from caseward.org.models import ConfigurationChange
from tests.builders import MONDAY_9AM, a_regional_lead, a_specialist, an_agent

pytestmark = pytest.mark.django_db
NEW = changing.mark_of(None)


def rota(*people, name="South"):
    return {
        "name": name, "region": "apac", "line_of_business": None, "fallback": None,
        "people": [
            {"staff": one.key, "email": "", "webhook": "", "windows": {}} for one in people
        ],
    }  # fmt: skip


def changed(wanted, *, by, seen=NEW, key="south"):
    return changing.change(ROTAS, key, wanted, by=by, now=MONDAY_9AM, seen=seen)


def test_the_same_again_changes_nothing():
    lead, entry = a_regional_lead(), rota(a_specialist())
    changed(entry, by=lead)

    assert changed(entry, by=lead, seen=changing.mark_of(entry)) is None
    assert ConfigurationChange.objects.count() == 1


def test_what_somebody_else_changed_is_not_undone_over_them():
    lead, kiran = a_regional_lead(), a_specialist()
    first = changed(rota(kiran), by=lead)
    changed(rota(kiran, name="Other"), by=lead, seen=changing.mark_of(rota(kiran)))

    with pytest.raises(changing.ChangedMeanwhile):
        changing.undo(ROTAS, first.pk, by=lead, now=MONDAY_9AM)

    assert ROTAS.read("south")["name"] == "Other"


def test_what_is_undone_once_is_not_undone_twice():
    lead = a_regional_lead()
    first = changed(rota(a_specialist()), by=lead)
    back = changing.undo(ROTAS, first.pk, by=lead, now=MONDAY_9AM)

    assert ROTAS.read("south") is None and back.undoes == first
    with pytest.raises(changing.ChangedMeanwhile):
        changing.undo(ROTAS, first.pk, by=lead, now=MONDAY_9AM)


def test_a_change_is_never_written_over():
    lead = a_regional_lead()
    done = changed(rota(a_specialist()), by=lead)

    with acting(Actor.staff(lead)):
        assert ConfigurationChange.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ConfigurationChange.objects.filter(pk=done.pk).update(title="Never")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ConfigurationChange.objects.filter(pk=done.pk).delete()


def test_a_vendors_staff_read_none_of_it():
    changed(rota(a_specialist()), by=a_regional_lead())

    with (
        acting(Actor.staff(an_agent())),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        ConfigurationChange.objects.count()


def test_a_change_of_nothing_is_refused_by_postgresql():
    with pytest.raises(IntegrityError, match="change_has_something_before_or_after"):
        ConfigurationChange.objects.create(
            what="ROTA", key="south", title="South", by=a_regional_lead(), at=MONDAY_9AM
        )
