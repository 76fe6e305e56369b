"""django-helpdesk's mail gateway: for each line read, take in the mails of its local folder.

Its gateway offers IMAP, POP3 and a folder of files; the folder is the fastest. It is called as its
command `get_email` calls it, inside one process, so that neither starting Python nor connecting to
the database counts. With `answers` on, it writes the answer its templates say (and sends none);
without the templates it writes none.
"""

import json
import os
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

FOLDER = Path(os.environ["PEER_FOLDER"])


def main() -> None:
    """Prepare the database, say `ready`, then answer each line with what was measured."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peer.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    _make_queue()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_take_in(writes_answers=line.strip() == "answers")), flush=True)


def _make_queue() -> None:
    from helpdesk.models import Queue

    Queue.objects.create(
        title="Support",
        slug="support",
        email_address="help@caseward.example",
        allow_email_submission=True,
        email_box_type="local",
        email_box_local_dir=str(FOLDER / "mail"),
        email_box_interval=0,
        logging_type="none",
    )


def _take_in(*, writes_answers: bool) -> dict[str, float]:
    from helpdesk.models import EmailTemplate, Ticket

    EmailTemplate.objects.all().delete()
    if writes_answers:
        call_command("loaddata", "emailtemplate.json", verbosity=0)
    before, wall, cpu = Ticket.objects.count(), time.perf_counter(), time.process_time()
    call_command("get_email", quiet=True)
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "tickets": Ticket.objects.count() - before,
    }


if __name__ == "__main__":
    main()
