"""Imminent harm: one key, pages passed on until somebody takes it, two people, a log for good."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from caseward.casework import access
from caseward.casework.emergency import deciding, paging
from caseward.casework.emergency.paging import AlreadyTaken, NotInHouse, pass_on_missed_pages
from caseward.casework.emergency.raising import NoEmergency, raise_emergency, take_back_emergency
from caseward.casework.models import (
    Case,
    Disclosure,
    Emergency,
    EmergencyPage,
    OnCallPlace,
    OnCallRota,
    StaffAlert,
    Worksheet,
)
from caseward.casework.services import close_resolved_cases, resolve_case
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Region
from caseward.quality.services import ask_surveys
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_regional_lead,
    a_share,
    a_specialist,
    a_vendor,
    an_agent,
    at_work,
)

pytestmark = pytest.mark.django_db
FIVE_MINUTES = timedelta(minutes=5)


def a_rota(key, people, *, fallback=None, region=None, **fields):
    region = region or Region.objects.get_or_create(key=key, defaults={"name": key})[0]
    rota = OnCallRota.objects.create(
        key=key, name=key.title(), region=region, fallback=fallback, **fields
    )
    for position, person in enumerate(people):
        OnCallPlace.objects.create(rota=rota, staff=person, position=position)
    look_again()
    return rota


def raised(agent, *, now=MONDAY_9AM, **fields):
    case = a_case(assignee=agent, **fields)
    with acting(Actor.staff(agent)):
        return case, raise_emergency(reference=case.reference, by=agent, now=now)


def paged(emergency):
    return list(emergency.pages.order_by("nth").values_list("staff__name", flat=True))


def minutes(count):
    return MONDAY_9AM + timedelta(minutes=count)


def test_one_key_puts_the_case_first_and_pages_whoever_is_on_call():
    agent, kiran = an_agent(), a_specialist(name="Kiran")
    a_rota("south", [kiran], region=agent.site.region)

    case, emergency = raised(agent)

    case.refresh_from_db()
    assert (case.priority, case.assignee) == (1, agent)
    assert paged(emergency) == ["Kiran"]
    alert = StaffAlert.objects.get()
    assert (alert.address, alert.state) == (kiran.email, "QUEUED")
    assert "I cannot sign in" not in alert.text + alert.subject + str(alert.payload)


def test_each_is_paged_in_the_language_of_their_desk():
    agent, mei = an_agent(), a_specialist(name="Mei", language="ms")
    a_rota("south", [mei], region=agent.site.region)

    raised(agent)

    alert = StaffAlert.objects.get()
    assert "Emergency" not in alert.subject
    assert "Kecemasan" in alert.subject
    assert "Ambil dalam tempoh" in alert.text


def test_the_second_key_press_pages_nobody_again():
    agent, kiran = an_agent(), a_specialist()
    a_rota("south", [kiran], region=agent.site.region)
    case, first = raised(agent)

    second = raise_emergency(reference=case.reference, by=agent, now=minutes(1))

    assert second == first
    assert StaffAlert.objects.count() == 1


def test_two_missed_pages_fail_over_to_another_region_and_then_go_on():
    agent = an_agent()
    ana, ben, cai = (a_specialist(name=name) for name in ("Ana", "Ben", "Cai"))
    dee = a_specialist(name="Dee")
    there = a_rota("north", [dee])
    a_rota("south", [ana, ben, cai], region=agent.site.region, fallback=there)
    _case, emergency = raised(agent)

    for count in range(1, 25):
        pass_on_missed_pages(now=minutes(count), within=FIVE_MINUTES)

    assert paged(emergency) == ["Ana", "Ben", "Dee", "Cai", "Ana"]
    missed = Event.objects.filter(kind="emergency.page_missed")
    assert missed.count() == 4
    assert set(missed.values_list("audience", flat=True)) == {"IN_HOUSE"}


def test_without_a_rota_the_leads_are_paged():
    lead = a_regional_lead(name="Ines")

    _case, emergency = raised(an_agent())

    assert paged(emergency) == [lead.name]


def test_where_nobody_can_be_paged_the_ledger_says_so_once_and_it_is_tried_again():
    agent = an_agent()
    _case, emergency = raised(agent)
    for count in (6, 7, 8):
        pass_on_missed_pages(now=minutes(count), within=FIVE_MINUTES)
    a_rota("south", [a_specialist(name="Kiran")], region=agent.site.region)
    pass_on_missed_pages(now=minutes(9), within=FIVE_MINUTES)

    assert Event.objects.filter(kind="emergency.nobody_on_call").count() == 1
    assert paged(emergency) == ["Kiran"]


def test_people_are_paged_within_their_hours():
    agent = an_agent()  # 9:00 UTC on a Monday is 14:30 at their site
    day, night = a_specialist(name="Day"), a_specialist(name="Night")
    rota = a_rota("south", [night, day], region=agent.site.region)
    rota.places.filter(staff=night).update(
        windows={"mon": [["00:00", "07:00"], ["22:00", "24:00"]]}
    )
    rota.places.filter(staff=day).update(windows={"mon": [["07:00", "22:00"]]})
    look_again()

    _case, emergency = raised(agent)

    assert paged(emergency) == ["Day"]


def test_whoever_takes_it_has_the_case_and_paging_ends():
    agent, kiran, lea = an_agent(), a_specialist(), a_specialist()
    a_rota("south", [kiran, lea], region=agent.site.region)
    case, emergency = raised(agent)
    pass_on_missed_pages(now=minutes(5), within=FIVE_MINUTES)

    paging.take_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(7))
    paging.take_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(8))

    case.refresh_from_db()
    assert (case.tier, case.assignee) == (2, kiran)
    assert pass_on_missed_pages(now=minutes(60), within=FIVE_MINUTES) == 0
    assert Event.objects.filter(kind="emergency.acknowledged").count() == 1
    with pytest.raises(AlreadyTaken):
        paging.take_emergency(emergency_id=emergency.pk, by=lea, now=minutes(8))
    with pytest.raises(NotInHouse):
        paging.take_emergency(emergency_id=emergency.pk, by=agent, now=minutes(8))


def test_who_is_paged_from_elsewhere_may_read_the_case_while_it_runs():
    age = a_lob("age-support")
    elsewhere, agent = a_specialist(age), an_agent()
    a_rota("south", [elsewhere], region=agent.site.region)

    case = a_case(assignee=agent)
    assert case not in access.visible_cases(elsewhere)
    raise_emergency(reference=case.reference, by=agent, now=MONDAY_9AM)
    assert case in access.visible_cases(elsewhere)
    take_back_emergency(reference=case.reference, by=agent, now=minutes(1))
    assert case not in access.visible_cases(elsewhere)


def test_a_false_alarm_leaves_the_case_as_it_was_and_tells_those_paged():
    agent, kiran = at_work(an_agent()), a_specialist()
    a_rota("south", [kiran], region=agent.site.region)
    case, emergency = raised(agent)
    StaffAlert.objects.update(state="SENT")
    paging.take_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(2))

    with acting(Actor.staff(agent)):
        take_back_emergency(reference=case.reference, by=agent, now=minutes(3))

    case.refresh_from_db()
    assert (case.tier, case.priority, case.assignee, case.status) == (1, 3, agent, "OPEN")
    assert StaffAlert.objects.get(state="QUEUED").subject.startswith("Stand down")
    assert not case.escalations.exists()


def test_a_vendors_agent_takes_back_their_own_alarm_only():
    agent, colleague = an_agent(), an_agent()
    case, _ = raised(agent)

    with acting(Actor.staff(colleague)), pytest.raises(NoEmergency):
        take_back_emergency(reference=case.reference, by=colleague, now=minutes(1))
    stranger = an_agent(vendor=a_vendor("melati"))
    with acting(Actor.staff(stranger)), pytest.raises(access.CaseNotVisible):
        raise_emergency(reference=case.reference, by=stranger, now=minutes(1))


def test_a_case_with_tier_2_or_finished_can_be_raised_too():
    agent, theo = an_agent(), a_specialist()
    case = a_case(assignee=agent)
    resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=MONDAY_9AM)

    with acting(Actor.staff(agent)):
        raise_emergency(reference=case.reference, by=agent, now=minutes(5))

    case.refresh_from_db()
    assert (case.status, case.priority) == ("REOPENED", 1)
    escalated = a_case(vendor=agent.vendor)
    Case.objects.filter(pk=escalated.pk).update(tier=2, status="ESCALATED", assignee=theo)
    with acting(Actor.staff(agent)):
        assert raise_emergency(reference=escalated.reference, by=agent, now=minutes(5))


FULL = dict.fromkeys(deciding.QUESTIONS, "Said")


def in_hand():
    kiran, lea = a_specialist(name="Kiran"), a_specialist(name="Lea")
    case, emergency = raised(an_agent())
    paging.take_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(1))
    return case, emergency, kiran, lea


def fill_in(emergency, by, decision="DISCLOSE", answers=FULL, now=None):
    deciding.fill_in(
        emergency_id=emergency.pk, by=by, answers=answers, decision=decision, now=now or minutes(9)
    )


def test_a_second_person_approves_and_only_then_something_is_disclosed():
    _case, emergency, kiran, lea = in_hand()
    to_police = {
        "emergency_id": emergency.pk, "agency": "Police", "contact": "Desk 12, called back",
        "what_data": "Last sign-in", "now": minutes(20),
    }  # fmt: skip
    fill_in(emergency, kiran)

    with pytest.raises(deciding.NeedsAnotherPerson):
        deciding.approve(emergency_id=emergency.pk, by=kiran, now=minutes(10))
    with pytest.raises(deciding.NotDecided):
        deciding.disclose(by=kiran, **to_police)
    deciding.approve(emergency_id=emergency.pk, by=lea, now=minutes(11))
    with acting(Actor.staff(kiran)):
        deciding.disclose(by=kiran, **to_police)

    entry = Disclosure.objects.get()
    assert (entry.disclosed_by, entry.approved_by) == (kiran, lea)
    assert Event.objects.get(kind="emergency.decided").data["met"] is True
    with pytest.raises(deciding.DecidedAlready):
        fill_in(emergency, lea)


def test_every_question_is_answered_before_anything_is_disclosed():
    _case, emergency, kiran, lea = in_hand()
    fill_in(emergency, kiran, answers={"who": "Asha", "what": "Threat", "why_imminent": "Now"})

    with pytest.raises(deciding.Unanswered) as refused:
        deciding.approve(emergency_id=emergency.pk, by=lea, now=minutes(10))
    fill_in(emergency, kiran, "NOT_IMMINENT", {"what": "A joke", "why_imminent": "It is not"})
    deciding.approve(emergency_id=emergency.pk, by=lea, now=minutes(12))

    assert refused.value.questions == ["where", "when", "what_data", "legal_basis"]
    with pytest.raises(deciding.NotDecided):
        deciding.disclose(
            emergency_id=emergency.pk, by=kiran, agency="a", contact="b", what_data="c",
            now=minutes(13),
        )  # fmt: skip


def test_nobody_approves_a_worksheet_they_have_not_read():
    _case, emergency, kiran, lea = in_hand()
    fill_in(emergency, kiran, decision="SAFE", now=minutes(9))
    fill_in(emergency, kiran, decision="DISCLOSE", now=minutes(10))
    approve = {"emergency_id": emergency.pk, "by": lea, "now": minutes(11)}

    with pytest.raises(deciding.RewrittenMeanwhile):
        deciding.approve(read=minutes(9), **approve)
    assert Worksheet.objects.get().approved_by is None
    deciding.approve(read=minutes(10), **approve)

    assert Worksheet.objects.get().approved_by == lea


def test_whoever_disagrees_writes_it_anew_and_the_first_may_then_approve():
    _case, emergency, kiran, lea = in_hand()
    fill_in(emergency, kiran)
    fill_in(emergency, lea, decision="WELFARE_CHECK")

    with pytest.raises(deciding.NeedsAnotherPerson):
        deciding.approve(emergency_id=emergency.pk, by=lea, now=minutes(10))
    deciding.approve(emergency_id=emergency.pk, by=kiran, now=minutes(10))

    assert Worksheet.objects.get().approved_by == kiran


def test_it_ends_once_decided_and_nobody_is_asked_to_rate_it_nor_is_it_closed():
    case, emergency, kiran, lea = in_hand()
    with pytest.raises(deciding.NotDecided):
        deciding.end_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(10))
    fill_in(emergency, kiran)
    deciding.approve(emergency_id=emergency.pk, by=lea, now=minutes(11))
    deciding.end_emergency(emergency_id=emergency.pk, by=kiran, now=minutes(30))
    other = a_case(vendor=case.vendor, email="ben@example.com")
    for each, by in [(case, kiran), (other, an_agent())]:
        resolve_case(reference=each.reference, by=by, disposition=a_disposition(), now=minutes(31))

    day = timedelta(days=1)
    assert ask_surveys(now=minutes(31) + day) == 1
    assert close_resolved_cases(now=minutes(31) + 8 * day, after=7 * day) == 1
    assert Case.objects.get(pk=case.pk).status == "RESOLVED"


def test_the_database_refuses_one_person_for_two_and_a_changed_disclosure():
    _case, emergency, kiran, lea = in_hand()
    sheet = Worksheet.objects.filter(emergency=emergency)
    alone = {"drafted_by": kiran, "approved_by": kiran, "decision": "SAFE"}
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        sheet.update(**alone, approved_at=MONDAY_9AM)
    entry = {
        "emergency": emergency, "agency": "a", "contact": "b", "what_data": "c",
        "legal_basis": "d", "disclosed_at": MONDAY_9AM,
    }  # fmt: skip
    with acting(Actor.staff(kiran)):
        Disclosure.objects.create(**entry, disclosed_by=kiran, approved_by=lea)
        for change in (lambda d: d.update(agency="x"), lambda d: d.delete()):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change(Disclosure.objects.all())
        with pytest.raises(DatabaseError), transaction.atomic():
            Disclosure.objects.create(**entry, disclosed_by=lea, approved_by=kiran)


def test_a_vendor_sees_that_there_is_an_emergency_and_nothing_of_how_it_is_handled():
    case, emergency, _, lea = in_hand()
    stranger = an_agent(vendor=a_vendor("melati"))
    a_share(a_vendor("melati"), a_lob())
    agent = case.assignee
    hidden = [EmergencyPage, Worksheet, Disclosure, OnCallRota, OnCallPlace, StaffAlert]

    for person, sees in [(agent, 1), (stranger, 0)]:
        with acting(Actor.staff(person)):
            assert Emergency.objects.count() == sees
            for model in hidden:
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    model.objects.count()
    with acting(Actor.staff(lea)):
        assert EmergencyPage.objects.count() == emergency.pages.count()
        assert Worksheet.objects.count() == 1
