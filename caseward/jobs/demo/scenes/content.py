"""A macro in review, steps of the playbook done, and rules: one is on, one was only tried."""

from caseward.automation import running
from caseward.automation.models import RuleVersion
from caseward.automation.services import try_rule, turn_on
from caseward.casework.services import playbook
from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.policy.models import Macro
from caseward.policy.services import versions

WITH_STEPS = 4
ON_FOR_HOURS = 30


def play(stage: Stage) -> None:
    _macro_in_review(stage)
    _steps(stage)
    _rules(stage)


def _macro_in_review(stage: Stage) -> None:
    """A specialist proposed a shorter text; the lead has not looked at it yet."""
    author, macro = person("nandini-iyer"), Macro.objects.get(key="account-back")
    newest = macro.versions.order_by("-number").first()
    assert newest is not None  # every macro of the files has a version
    texts = dict(newest.texts)
    texts["en"] = texts["en"].rstrip() + "\n\nYou can turn on a second step at sign-in at any time."
    content = {
        "title": newest.title,
        "texts": texts,
        "actions": newest.actions,
        "conditions": newest.conditions,
        "is_safe_when_locked": newest.is_safe_when_locked,
    }
    with as_(author):
        note = "Half of those who come back were taken over again without a second step."
        draft = versions.write_draft(macro, by=author, content=content, note=note)
        versions.send_to_review(draft, by=author, now=stage.ago(hours=5))


def _steps(stage: Stage) -> None:
    hacked = {"lob__key": "account-security", "reason__key": "hacked-account"}
    for case in stage.cases(WITH_STEPS, assignee__isnull=False, **hacked):
        by = case.assignee
        assert by is not None
        with as_(by):
            playbook.do_step(
                reference=case.reference, by=by, key="protective-lock", answer={"value": True},
                now=stage.moment(case, minutes=45),
            )  # fmt: skip
            playbook.do_step(
                reference=case.reference, by=by, key="who-asks", answer={"value": "owner"},
                now=stage.moment(case, minutes=43),
            )  # fmt: skip


def _rules(stage: Stage) -> None:
    lead = person("ananya-deshpande")
    money = RuleVersion.objects.get(rule__key="money-first")
    with as_(lead):
        try_rule(money, by=lead, now=stage.ago(hours=ON_FOR_HOURS + 1))
        turn_on(money, by=lead, now=stage.ago(hours=ON_FOR_HOURS))
    while running.meet_events(now=stage.now):
        pass
    while running.carry_out_due(now=stage.now):
        pass
