"""What a lead does with one click: cases, people, queues, words; and taking it back."""

from datetime import datetime, timedelta

from django import forms as django_forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.floor import moving, saying, steering, undoing
from caseward.casework.floor.people import Worker, widest_scope, workers, workers_by_id
from caseward.casework.models import Case, FloorMove
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.routing.models import Queue
from caseward.web.middleware import SignedInRequest
from caseward.web.views.floor import choice, forms, moves, shared
from caseward.web.views.floor.asking import Answers, Question, asks, seen_by
from caseward.web.views.floor.queues import queue_name
from caseward.web.views.floor.refusals import explained, somebody_was_first


@asks
def give(request: SignedInRequest, *, reference: str) -> Question:
    """Give a case to somebody who may take it."""
    case = access.case_to_read(reference=reference, by=request.user)
    # Whoever was free when the dialog opened may hold it now: the verb says who was first.
    holder = case.assignee_id if request.method != "POST" else None
    takers = [
        worker for worker in workers() if case.queue_id in worker.queues and worker.id != holder
    ]
    seen = seen_by(request)

    def do(said: Answers) -> FloorMove:
        to = StaffMember.objects.get(pk=said["to"])
        now = timezone.now()
        return moving.give_case(
            reference=reference, to=to, by=request.user, seen=seen, now=now, why=said["why"]
        )

    return Question(
        id="floor-give",
        title=_("Give %(reference)s to somebody") % {"reference": reference},
        submit=_("Give"),
        lead=case.title if takers else _("Nobody else may take this case now."),
        form=lambda data: forms.GiveForm(data, takers=takers, facts=shared.facts()),
        do=do,
        seen=seen,
        explain=lambda refusal: _explained(refusal, case, seen),
        is_possible=bool(takers),
    )


@asks
def put_back(request: SignedInRequest, *, reference: str) -> Question:
    """Give a case back to its queue."""
    case = access.case_to_read(reference=reference, by=request.user)
    seen = seen_by(request)
    return Question(
        id="floor-put-back",
        title=_("Put %(reference)s back into its queue") % {"reference": reference},
        submit=_("Put back"),
        lead=case.title,
        form=django_forms.Form,
        do=lambda _said: moving.put_back(
            reference=reference, by=request.user, seen=seen, now=timezone.now()
        ),
        seen=seen,
        explain=lambda refusal: _explained(refusal, case, seen),
    )


@asks
def overflow(request: SignedInRequest, *, queue_id: int) -> Question:
    """Move the oldest cases of a queue to another vendor that does the same work."""
    queue = _queue(queue_id, request.user)
    is_possible = bool(moving.overflow_targets(queue))

    def do(said: Answers) -> FloorMove:
        return moving.overflow(
            source=queue,
            target=routing.queues()[said["target"]],
            count=said["count"],
            by=request.user,
            now=timezone.now(),
        )

    nowhere = _("No other vendor does this work in this language, so nothing can go anywhere.")
    return Question(
        id="floor-overflow",
        title=_("Move cases out of %(queue)s") % {"queue": queue_name(queue)},
        submit=_("Move"),
        lead="" if is_possible else nowhere,
        form=lambda data: forms.OverflowForm(data, queue=queue, facts=shared.facts()),
        do=do,
        is_possible=is_possible,
    )


@asks
def pause(request: SignedInRequest, *, queue_id: int) -> Question:
    """Hand out nothing from a queue for a time."""
    queue = _queue(queue_id, request.user)

    def do(said: Answers) -> FloorMove:
        now = timezone.now()
        until = _until(said["minutes"], now)
        return steering.pause(queue=queue, why=said["why"], until=until, by=request.user, now=now)

    return Question(
        id="floor-pause",
        title=_("Pause %(queue)s") % {"queue": queue_name(queue)},
        submit=_("Pause"),
        lead=_("Nobody gets cases of it as their next one. Cases in hand go on."),
        form=forms.PauseForm,
        do=do,
    )


@asks
def resume(request: SignedInRequest, *, queue_id: int) -> Question:
    """Hand cases of a paused queue out again."""
    queue = _queue(queue_id, request.user)
    return Question(
        id="floor-resume",
        title=_("Resume %(queue)s") % {"queue": queue_name(queue)},
        submit=_("Resume"),
        form=django_forms.Form,
        do=lambda _said: steering.resume(queue=queue, by=request.user, now=timezone.now()),
    )


@asks
def borrow_for_queue(request: SignedInRequest, *, queue_id: int) -> Question:
    """Have somebody work one queue only."""
    queue = _queue(queue_id, request.user)
    takers = [worker for worker in workers() if queue.pk in worker.own]

    def do(said: Answers) -> FloorMove:
        return _borrow(workers_by_id()[said["staff"]], queue, said, request.user)

    return Question(
        id="floor-staff-queue",
        title=_("Borrow somebody for %(queue)s") % {"queue": queue_name(queue)},
        submit=_("Borrow"),
        lead=_borrowing() if takers else _("Nobody has the skills for this queue."),
        form=lambda data: forms.BorrowPersonForm(data, takers=takers, facts=shared.facts()),
        do=do,
        is_possible=bool(takers),
    )


@asks
def borrow_person(request: SignedInRequest, *, staff_id: int) -> Question:
    """Have one person work one queue only."""
    worker = _worker(staff_id, request.user)

    def do(said: Answers) -> FloorMove:
        return _borrow(worker, routing.queues()[said["queue"]], said, request.user)

    return Question(
        id="floor-borrow",
        title=_("Borrow %(name)s for one queue") % {"name": worker.name},
        submit=_("Borrow"),
        lead=_borrowing(),
        form=lambda data: forms.BorrowQueueForm(data, worker=worker, facts=shared.facts()),
        do=do,
    )


@asks
def ask(request: SignedInRequest, *, staff_id: int) -> Question:
    """Ask somebody to change what they are doing."""
    worker = _worker(staff_id, request.user)
    return Question(
        id="floor-ask",
        title=_("Ask %(name)s") % {"name": worker.name},
        submit=_("Ask"),
        lead=_("They see it on their desk and change it themselves with one click."),
        form=forms.AskForm,
        do=lambda said: saying.ask_for_state(
            worker=worker,
            state=said["state"],
            text=said["text"],
            by=request.user,
            now=timezone.now(),
        ),
    )


@asks
def tell(request: SignedInRequest) -> Question:
    """Say something to everybody in a part of the floor."""
    scope = choice.read_scope(request.GET, request.user)
    people, part = scope.people(), choice.name_of(scope)
    return Question(
        id="floor-tell",
        title=_("Message to %(part)s") % {"part": part},
        submit=_("Send"),
        lead=choice.reaches(len(people)),
        form=forms.TellForm,
        do=lambda said: saying.tell(
            scope=scope, text=said["text"], to=part, by=request.user, now=timezone.now()
        ),
        is_possible=bool(people),
    )


@asks
def undo(request: SignedInRequest, *, move_id: int) -> Question:
    """Put back what a move changed."""
    move = FloorMove.objects.filter(pk=move_id).first()
    if move is None or not moves.concerns(move, widest_scope(request.user)):
        raise Http404("no such move")
    return Question(
        id="floor-undo",
        title=_("Undo this?"),
        submit=_("Undo"),
        lead=moves.words_of(move),
        form=django_forms.Form,
        do=lambda _said: undoing.undo_move(move_id=move_id, by=request.user, now=timezone.now()),
    )


def _borrowing() -> str:
    return _("Until then they get cases of this queue and of no other. Cases in hand stay theirs.")


def _borrow(worker: Worker, queue: Queue, said: Answers, by: StaffMember) -> FloorMove:
    now = timezone.now()
    staff = StaffMember.objects.get(pk=worker.id)
    until = now + forms.span(said["minutes"])
    return steering.borrow(staff=staff, queue=queue, until=until, why=said["why"], by=by, now=now)


def _until(minutes: int, now: datetime) -> datetime | None:
    return now + timedelta(minutes=minutes) if minutes != forms.OPEN_END else None


def _queue(queue_id: int, by: StaffMember) -> Queue:
    queue = routing.queues().get(queue_id)
    if queue is None or queue.lob_id not in access.lobs_of(by):
        raise Http404("no such queue, or not one of theirs")
    return queue


def _worker(staff_id: int, by: StaffMember) -> Worker:
    found = [worker for worker in widest_scope(by).people() if worker.id == staff_id]
    if not found:
        raise Http404("nobody of theirs")
    return found[0]


def _explained(refusal: Exception, case: Case, seen: int | None) -> str:
    if isinstance(refusal, access.ChangedMeanwhile):
        return somebody_was_first(case, refusal, seen=seen or 0)
    return explained(refusal)
