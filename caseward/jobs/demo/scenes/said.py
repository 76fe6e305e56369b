"""What leads said to people, and what Caseward tells those who can still act."""

from caseward.casework import services as casework
from caseward.casework.floor import saying
from caseward.casework.floor.people import Scope, widest_scope
from caseward.casework.models import TeamMessage
from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.org.models import Team

READ = "Thank you all: the Sunday wave is through, two hours before the promise."
UNREAD = "Badge messages: please tag what you see with badge-wave, and escalate nothing for it."


def play(stage: Stage) -> None:
    team = Team.objects.get(key="northstar-security")
    leader = person("rohan-malhotra")
    for text, hours, is_read in ((READ, 5, True), (UNREAD, 1, False)):
        with as_(leader):
            scope = Scope(lob_ids=widest_scope(leader).lob_ids, team_id=team.pk)
            saying.tell(scope=scope, text=text, to=team.name, by=leader, now=stage.ago(hours=hours))
        _read(stage, hours, everybody=is_read)
    while casework.warn_of_deadlines(now=stage.now):
        pass


def _read(stage: Stage, hours: int, *, everybody: bool) -> None:
    """Let those it is for have read the newest message, or half of them but for visitors."""
    message = TeamMessage.objects.latest("pk")
    for reader in message.readers.select_related("staff").order_by("pk"):
        if everybody or (reader.staff.key != "aarav-khanna" and stage.random.random() < 0.5):
            at = stage.ago(hours=hours, minutes=-stage.random.randint(2, 25))
            saying.mark_read(message_id=message.pk, staff=reader.staff, now=at)
