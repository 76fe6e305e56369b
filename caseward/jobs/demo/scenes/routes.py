"""Rules of routing that somebody proposes; whoever reads them has them tried with one click."""

from dataclasses import replace

from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.routing.rules import changing
from caseward.routing.rules.in_force import rules_in_force

LINE = "account-security"
MORE, LESS = "melati", "northstar"
SHIFTED = 0.1


def play(stage: Stage) -> None:
    """Propose that the vendor that returns less takes more, and ask for its dry run."""
    present, lead = rules_in_force(), person("priyanka-bhalla")
    shares = dict(present.shares)
    if not {(LINE, MORE), (LINE, LESS)} <= set(shares):
        return
    shares[LINE, MORE] = round(shares[LINE, MORE] + SHIFTED, 3)
    shares[LINE, LESS] = round(shares[LINE, LESS] - SHIFTED, 3)
    with as_(lead):
        proposed = changing.propose(
            rules=replace(present, shares=shares),
            note="Melati escalates half as often in this line; give it a tenth more.",
            by=lead,
            now=stage.ago(hours=3),
        )
        changing.ask_trial(rule_set=proposed, by=lead, now=stage.now)
