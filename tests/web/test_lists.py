"""Lists of cases: who sees which, what they hold, what narrows them, how much they ask."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Case
from caseward.casework.services import resolve_case, take_next_case
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_queue,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db

LISTS = ["/desk/", "/desk/pending", "/desk/snoozed", "/desk/resolved", "/desk/queues/"]


def signed_in(staff):
    browser = Client()
    browser.force_login(staff)
    return browser


def shown(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def references(page):
    return [part.split('"', 1)[0] for part in page.split('id="row-')[1:]]


def queue_url(case):
    return f"/desk/queues/{case.queue_id}"


def test_my_cases_are_those_in_my_hands():
    asha, colleague = an_agent(), an_agent()
    mine, theirs, waiting = a_case(assignee=asha), a_case(assignee=colleague), a_case()

    page = shown(signed_in(asha), "/desk/")

    assert references(page) == [mine.reference]
    assert theirs.reference not in page
    assert waiting.reference not in page


def test_cases_that_wait_for_the_requester_have_their_own_list():
    asha = an_agent()
    asked = a_case(assignee=asha)
    Case.objects.filter(pk=asked.pk).update(status="PENDING")

    browser = signed_in(asha)

    assert references(shown(browser, "/desk/")) == []
    assert references(shown(browser, "/desk/pending")) == [asked.reference]


def test_what_was_resolved_today_is_listed_newest_first():
    asha, now = an_agent(), timezone.now()
    first, second, older = (a_case(assignee=asha) for _ in range(3))
    for case, at in ((older, now - timedelta(days=2)), (first, now), (second, now)):
        resolve_case(reference=case.reference, by=asha, disposition=a_disposition(), now=at)

    page = shown(signed_in(asha), "/desk/resolved")

    assert references(page) == [second.reference, first.reference]


def test_a_queue_lists_who_waits_most_urgent_first():
    a_promise(duration=timedelta(hours=4))
    asha, now = an_agent(), timezone.now()
    later = a_case(opened_at=now)
    sooner = a_case(opened_at=now - timedelta(hours=3))
    taken = a_case(assignee=asha)

    page = shown(signed_in(asha), queue_url(later))

    assert references(page) == [sooner.reference, later.reference]
    assert taken.reference not in page


def test_all_my_queues_are_merged_by_urgency():
    a_promise(duration=timedelta(hours=4))
    asha, now = an_agent(languages=("en", "hi")), timezone.now()
    english = a_case(opened_at=now)
    hindi = a_case(opened_at=now - timedelta(hours=1), language="hi")
    late = a_case(opened_at=now - timedelta(hours=9))

    page = shown(signed_in(asha), "/desk/queues/")

    assert references(page) == [late.reference, hindi.reference, english.reference]


@pytest.mark.parametrize("url", LISTS)
def test_a_vendors_lists_never_show_another_vendors_cases(url):
    northstar, melati = a_vendor("northstar"), a_vendor("melati")
    asha, nur = an_agent(northstar), an_agent(melati)
    theirs = a_case(vendor=melati)
    # Whatever else went wrong: even in Asha's own hands another vendor's case is not shown.
    Case.objects.filter(pk=theirs.pk).update(assignee=asha)
    waiting = a_case(vendor=melati)

    page = shown(signed_in(asha), url)

    assert theirs.reference not in page
    assert waiting.reference not in page
    assert references(shown(signed_in(nur), "/desk/queues/")) == [waiting.reference]


def test_another_vendors_queue_is_not_there():
    asha, theirs = an_agent(a_vendor("northstar")), a_case(vendor=a_vendor("melati"))

    assert signed_in(asha).get(queue_url(theirs)).status_code == 404


def test_a_queue_of_a_language_one_does_not_work_in_is_not_there():
    asha, hindi = an_agent(languages=("en",)), a_case(language="hi")

    assert signed_in(asha).get(queue_url(hindi)).status_code == 404


@pytest.mark.parametrize("url", ["/desk/tier-2", "/desk/unfinished"])
def test_tier_1_has_no_lists_of_tier_2(url):
    assert signed_in(an_agent()).get(url).status_code == 404


def test_a_specialist_sees_tier_2_of_their_own_lines_of_business_only():
    mine, other = a_lob("minor-safety"), a_lob("age-support")
    theo = a_specialist(mine)
    here, there = in_tier_2(a_case(lob=mine)), in_tier_2(a_case(lob=other))
    tier_1 = a_case(lob=mine)

    page = shown(signed_in(theo), "/desk/tier-2")

    assert references(page) == [here.reference]
    assert there.reference not in page
    assert tier_1.reference not in page
    assert signed_in(theo).get("/desk/unfinished").status_code == 404


def in_tier_2(case):
    queue = a_queue(2, None, case.lob, case.language)
    Case.objects.filter(pk=case.pk).update(tier=2, queue=queue, status="ESCALATED")
    return case


@pytest.mark.parametrize("somebody", [a_team_leader, a_regional_lead])
def test_those_who_lead_see_every_unfinished_case(somebody):
    northstar, melati = a_vendor("northstar"), a_vendor("melati")
    one, two = a_case(vendor=northstar), a_case(vendor=melati, lob=a_lob("age-support"))
    three = in_tier_2(a_case())

    browser = signed_in(somebody())

    everything = references(shown(browser, "/desk/unfinished"))
    assert sorted(everything) == sorted([one.reference, two.reference, three.reference])
    of_melati = references(shown(browser, f"/desk/unfinished?vendor={melati.pk}"))
    assert of_melati == [two.reference]


def test_filters_narrow_a_list():
    asha = an_agent()
    reason = a_reason()
    tagged = a_case(assignee=asha, priority=1, tags=["sim-swap"], reason_id=reason.pk)
    plain = a_case(assignee=asha, channel="FORM")
    browser = signed_in(asha)

    for query in ("priority=1", "tag=sim-swap", f"reason={reason.pk}", "channel=EMAIL"):
        assert references(shown(browser, f"/desk/?{query}")) == [tagged.reference], query
    assert references(shown(browser, "/desk/?channel=FORM")) == [plain.reference]


def test_due_filters_tell_missed_from_soon_from_today():
    a_promise(duration=timedelta(hours=4))
    asha, now = an_agent(), timezone.now()
    missed = a_case(assignee=asha, opened_at=now - timedelta(hours=5))
    soon = a_case(assignee=asha, opened_at=now - timedelta(hours=3, minutes=30))
    browser = signed_in(asha)

    assert references(shown(browser, "/desk/?due=missed")) == [missed.reference]
    assert references(shown(browser, "/desk/?due=soon")) == [soon.reference]


@pytest.mark.parametrize(
    "query",
    [
        "status=NONSENSE", "reason=999999999999999999999", "lob=x", "due=never", "tag=%00",
        "who=-1", "after=x", "after=99999999999999999999~1", "before=2026-01-01~2", "after=5~-1",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_narrows_nothing(query):
    asha = an_agent()
    case = a_case(assignee=asha)

    assert case.reference in shown(signed_in(asha), f"/desk/?{query}")


def walk(browser, url):
    seen = []
    while url:
        page = shown(browser, url)
        seen.append(references(page))
        url = page.split('rel="next" href="', 1)[1].split('"')[0] if 'rel="next"' in page else ""
        url = url.replace("&amp;", "&")
    return seen


def many_cases(number, **fields):
    first = a_case(**fields)
    rows = []
    for n in range(number - 1):
        row = Case.objects.get(pk=first.pk)
        row.pk, row.reference, row.urgency = None, f"CW-{n // 1000:04}-{n % 1000:03}", 10 * (n // 3)
        rows.append(row)
    Case.objects.bulk_create(rows)
    return first


def test_pages_show_every_case_exactly_once_while_cases_come_and_go():
    asha = an_agent()
    many_cases(130)
    before = set(Case.objects.values_list("reference", flat=True))
    browser = signed_in(asha)

    first = shown(browser, "/desk/queues/")
    for _ in range(3):
        take_next_case(by=asha, now=timezone.now())
    a_case(opened_at=timezone.now())
    rest = walk(browser, first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&"))

    seen = references(first) + [reference for page in rest for reference in page]
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_the_page_before_is_the_one_we_came_from():
    asha = an_agent()
    many_cases(130)
    browser = signed_in(asha)
    pages = walk(browser, "/desk/queues/")
    page = shown(browser, "/desk/queues/")
    for _ in range(2):
        page = shown(browser, page.split('rel="next" href="')[1].split('"')[0])
    back = shown(browser, page.split('rel="prev" href="')[1].split('"')[0])

    assert [len(page) for page in pages] == [50, 50, 30]
    assert references(back) == pages[1]


def test_a_long_list_asks_no_more_questions_than_a_short_one(django_assert_num_queries):
    asha = an_agent(languages=("en", "hi"))
    a_case()
    browser = signed_in(asha)
    shown(browser, "/desk/queues/")
    with django_assert_num_queries(13):
        shown(browser, "/desk/queues/")
    many_cases(1000)
    with django_assert_num_queries(13):
        assert len(references(shown(browser, "/desk/queues/"))) == 50


def test_long_lists_are_counted_only_so_far():
    asha = an_agent()
    many_cases(1005)

    assert "1,000+" in shown(signed_in(asha), "/desk/")


def test_a_page_that_refreshes_gets_rows_counts_and_pages():
    asha = an_agent()
    case = a_case(assignee=asha)

    answer = signed_in(asha).get("/desk/", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert references(page) == [case.reference]
    assert page.count('hx-swap-oob="true"') == 2
    assert "<html" not in page


def test_a_title_cannot_write_html():
    asha = an_agent()
    a_case(assignee=asha, title="<script>alert(1)</script>", text="<b>bold</b>")

    page = shown(signed_in(asha), "/desk/")

    assert "<script>alert" not in page
    assert "<b>bold" not in page


def test_nothing_a_row_says_can_write_html():
    reason = a_reason(names={"en": "<u>reason</u>"})
    owner = an_agent(name="<u>owner</u>")
    a_case(assignee=owner, reason_id=reason.pk, title='"><u>title</u>', text="<u>text</u>")

    page = shown(signed_in(a_team_leader()), "/desk/unfinished")

    assert page.count("&lt;u&gt;") >= 4
    assert "<u>" not in page


@pytest.mark.parametrize("url", [*LISTS, "/desk/tier-2", "/desk/unfinished", "/desk/search"])
def test_strangers_are_asked_to_sign_in(url):
    answer = Client().get(url)

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in")
