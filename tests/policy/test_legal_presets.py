"""Legal presets: what ships, who switches them on, and when somebody must look again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.policy.legal import loading, switching
from caseward.policy.legal import queries as legal
from caseward.policy.legal.models import LegalChange, LegalPreset, LegalVersion
from caseward.policy.legal.shapes import PresetBroken, preset_from
from tests.builders import MONDAY_9AM, a_case, a_regional_lead, a_team_leader
from tests.law import a_law

pytestmark = pytest.mark.django_db
KEY = "MY-ONSA-22"
Kind = LegalChange.Kind


def ask(by, kind=Kind.SWITCH_ON, **more):
    return switching.ask(key=KEY, kind=kind, by=by, why="It binds us", now=MONDAY_9AM, **more)


@pytest.fixture
def presets():
    loading.load(now=MONDAY_9AM)


def test_every_preset_ships_switched_off_with_source_grade_and_a_day_to_look_again(presets):
    assert not LegalPreset.objects.filter(is_on=True).exists()
    said = [preset_from(row.version.content) for row in LegalPreset.objects.all()]
    assert {preset.jurisdiction for preset in said} == {"AU", "EU", "GB", "IN", "MY", "SG", "US"}
    assert all(preset.sources and preset.duty for preset in said)
    assert all(preset.caveat for preset in said if preset.grade in {"S", "K", "C"})
    assert LegalPreset.objects.filter(review_by__lte=date(2026, 11, 22)).count() == 0


def test_taking_them_in_twice_changes_nothing(presets):
    before = list(LegalVersion.objects.order_by("pk").values())

    assert loading.load(now=MONDAY_9AM + timedelta(days=1)) == 0

    assert list(LegalVersion.objects.order_by("pk").values()) == before


def test_switching_on_takes_two_people_and_both_are_in_the_ledger(presets):
    asker, approver = a_regional_lead(), a_regional_lead()
    change = ask(asker)
    assert not LegalPreset.objects.get(key=KEY).is_on

    with pytest.raises(switching.NeedsSomebodyElse):
        switching.approve(change_id=change.pk, by=asker, now=MONDAY_9AM)
    switching.approve(change_id=change.pk, by=approver, now=MONDAY_9AM)

    assert LegalPreset.objects.get(key=KEY).is_on
    told = Event.objects.filter(kind__in=["preset.asked", "preset.approved"]).order_by("seq")
    assert [event.actor_id for event in told] == [asker.pk, approver.pk]
    with pytest.raises(switching.NothingToDecide):
        switching.approve(change_id=change.pk, by=approver, now=MONDAY_9AM)


def test_the_database_itself_refuses_an_approval_by_whoever_asked(presets):
    change = ask(a_regional_lead())
    approved = {"outcome": "APPROVED", "decided_at": MONDAY_9AM, "decided_by": change.asked_by}

    with pytest.raises(IntegrityError, match="legal_change_needs_two_people"), transaction.atomic():
        LegalChange.objects.filter(pk=change.pk).update(**approved)


def test_a_team_leader_changes_no_law_and_one_change_waits_at_a_time(presets):
    lead = a_regional_lead()
    with pytest.raises(switching.MayNotChangeLaw):
        ask(a_team_leader())
    ask(lead)

    with pytest.raises(switching.ChangeWaits):
        ask(lead)


def test_a_new_version_counts_for_cases_opened_after_its_approval_only():
    preset = a_law(KEY)
    asker, approver = a_regional_lead(), a_regional_lead()
    old_case = a_case(country="MY", tags=["csam"])
    content = {**preset.version.content}
    content["stages"] = [
        {**stage, "value": 2} if stage["key"] == "ack" else stage for stage in content["stages"]
    ]

    change = ask(asker, Kind.EDIT, content=content)
    look_again()
    assert _ack_of(a_case(country="MY", tags=["csam"])) == timedelta(hours=1)
    switching.approve(change_id=change.pk, by=approver, now=MONDAY_9AM)
    look_again()

    assert _ack_of(a_case(country="MY", tags=["csam"])) == timedelta(hours=2)
    assert _ack_of(old_case) == timedelta(hours=1)


def _ack_of(case):
    clock = case.clocks.get(kind="ACK")
    return clock.deadline_at - clock.started_at


def test_an_update_of_caseward_waits_for_approval_where_the_preset_is_on(monkeypatch):
    a_law(KEY)
    newer = [
        {**content, "version": 2, "title": "Newer"}
        if content["id"] in {KEY, "SG-OSRA-24H"}
        else content
        for content in loading.shipped()
    ]
    monkeypatch.setattr(loading, "shipped", lambda: iter(newer))

    assert loading.load(now=MONDAY_9AM) == 2

    kept, replaced = (LegalPreset.objects.get(key=key) for key in (KEY, "SG-OSRA-24H"))
    assert kept.version.number == 1
    assert kept.changes.get(outcome="").version.content["title"] == "Newer"
    assert replaced.version.content["title"] == "Newer"


def test_a_law_is_in_force_from_its_first_day_where_it_holds_and_not_on_its_last(presets):
    preset = preset_from(LegalPreset.objects.get(key=KEY).version.content)
    preset = replace(preset, effective_to=date(2027, 1, 1))
    midnight_in_malaysia = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)

    assert not preset.is_in_force(midnight_in_malaysia - timedelta(seconds=1))
    assert preset.is_in_force(midnight_in_malaysia)
    assert not preset.is_in_force(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))


def test_a_preset_is_stale_when_its_review_passed_or_a_year_went_by():
    preset = a_law(KEY)
    assert legal.stale_presets(today=date(2026, 11, 23)) == []

    assert legal.stale_presets(today=preset.review_by + timedelta(days=1)) == [preset]
    preset.review_by = date(2030, 1, 1)
    assert legal.is_stale(preset, today=preset.last_verified_on + timedelta(days=366))

    switching.verify(
        key=KEY, by=a_regional_lead(), review_by=date(2027, 11, 1), note="The gazette",
        now=datetime(2027, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    assert legal.stale_presets(today=date(2027, 3, 2)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grade": "A"}, "a grade is one of"),
        ({"stages": []}, "at least one stage"),
        ({"warn_at": [1.5]}, "between 0 and 1"),
        ({"effective_to": "2020-01-01"}, "must come after"),
        ({"trigger": {"any_of_moods": ["bad"]}}, "a trigger knows"),
        ({"title": None, "stages": [{"key": "x"}]}, "needs 'kind'"),
    ],
)
def test_a_preset_that_cannot_work_is_refused_in_words(presets, change, words):
    content = {**LegalPreset.objects.get(key=KEY).version.content, **change}

    with pytest.raises(PresetBroken, match=words):
        preset_from(content)
