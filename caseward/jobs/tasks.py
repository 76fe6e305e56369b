"""What the worker does by the clock; each may run twice, or in two workers at once."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from caseward.automation import running as automation
from caseward.casework import bulk, campaigns
from caseward.casework import services as casework
from caseward.casework.emergency.paging import pass_on_missed_pages as pass_on_missed
from caseward.casework.services import assigning, capacity, overrunning
from caseward.casework.services.presence import forget_old_presence
from caseward.casework.services.stopping import TO_UNDO
from caseward.channels import attachments, forms
from caseward.channels.email.receiving import take_in_left_over
from caseward.channels.retention import forget_sent_mail
from caseward.jobs.bulk import carry_on_all
from caseward.jobs.health.beating import beat
from caseward.jobs.offers import offer_what_waits
from caseward.jobs.scheduling import scheduled, until_nothing_is_left
from caseward.metrics import services as metrics
from caseward.org.acting import Actor, acting
from caseward.policy.legal.loading import load as load_legal_presets
from caseward.quality import services as quality
from caseward.routing import availability, borrowing, sharing
from caseward.routing.rules import changing as rules
from caseward.sla.calendars import site_is_closed
from caseward.wellbeing import services as wellbeing
from caseward.wellbeing import stops
from caseward.wellbeing.privacy import forget_old

STALLED_SECONDS = 30
MAIL_IS_LEFT_OVER_AFTER = timedelta(minutes=1)
KEEP_FAILED_JOBS_HOURS = 7 * 24


@scheduled(cron="* * * * * */5")
def say_the_worker_is_well() -> None:
    beat("worker")


@scheduled(cron="* * * * * */30")
def take_in_mail_left_over() -> None:
    """Take in what a mail listener stored and did not get to, as it was killed, say."""
    take_in_left_over(before=timezone.now() - MAIL_IS_LEFT_OVER_AFTER)


@scheduled(cron="* * * * * */15")
def note_missed_clocks() -> None:
    until_nothing_is_left(lambda: casework.note_missed_clocks(now=timezone.now()))


@scheduled(cron="* * * * * */15")
def warn_of_deadlines() -> None:
    until_nothing_is_left(lambda: casework.warn_of_deadlines(now=timezone.now()))


@scheduled(cron="* * * * * */30")
def recount_clocks_of_even_cases() -> None:
    """Move clocks whose calendar or promise has changed; it costs one comparison when none has."""
    until_nothing_is_left(lambda: casework.recount_clocks(half=0, now=timezone.now()))


@scheduled(cron="* * * * * */30")
def recount_clocks_of_odd_cases() -> None:
    """Move those of the other half at the same time: it takes half as long."""
    until_nothing_is_left(lambda: casework.recount_clocks(half=1, now=timezone.now()))


@scheduled(cron="*/10 * * * *")
def take_in_legal_presets() -> None:
    """Take in presets that came with an update; nothing is switched on by itself."""
    until_nothing_is_left(lambda: load_legal_presets(now=timezone.now()))


@scheduled(cron="* * * * * */15")
def wake_snoozed_cases() -> None:
    until_nothing_is_left(lambda: casework.wake_due(now=timezone.now()))


@scheduled(cron="* * * * * */3")
def offer_cases() -> None:
    """Find what was not offered the moment it could be, and what ran out by time alone."""
    offer_what_waits()


@scheduled(cron="*/5 * * * *")
def count_shares() -> None:
    with acting(Actor.system("routing")):
        sharing.count_shares(now=timezone.now())


@scheduled(cron="* * * * * */30")
def move_what_overflows() -> None:
    with acting(Actor.system("routing")):
        assigning.overflow(now=timezone.now())


@scheduled(cron="* * * * * */15")
def take_back_from_closed_vendors() -> None:
    until_nothing_is_left(lambda: assigning.take_back_from_closed_vendors(now=timezone.now()))


@scheduled(cron="* * * * * */10")
def end_what_people_do_until_a_time() -> None:
    until_nothing_is_left(lambda: availability.end_what_is_over(now=timezone.now()))


@scheduled(cron="* * * * * */5")
def pass_on_missed_pages() -> None:
    """Page the next person where nobody took an emergency in time."""
    within = timedelta(minutes=settings.EMERGENCY_PAGE_MINUTES)
    until_nothing_is_left(lambda: pass_on_missed(now=timezone.now(), within=within))


@scheduled(cron="* * * * * */2")
def carry_on_bulk_actions() -> None:
    carry_on_all()


@scheduled(cron="* * * * * */20")
def sweep_campaigns() -> None:
    with acting(Actor.system("campaigns")):
        campaigns.sweep(now=timezone.now())


@scheduled(cron="51 * * * *")
def forget_unstarted_bulk_actions() -> None:
    with acting(Actor.system("worker")):
        bulk.forget_unstarted(now=timezone.now())


@scheduled(cron="* * * * * */5")
def carry_out_rules() -> None:
    until_nothing_is_left(lambda: automation.meet_events(now=timezone.now()))
    until_nothing_is_left(lambda: automation.carry_out_due(now=timezone.now()))


@scheduled(cron="* * * * * */20")
def fold_metrics() -> None:
    until_nothing_is_left(lambda: metrics.fold(now=timezone.now()))


@scheduled(cron="* * * * * */30")
def ask_surveys() -> None:
    after = timedelta(minutes=settings.SURVEY_AFTER_MINUTES)
    until_nothing_is_left(lambda: quality.ask_surveys(now=timezone.now(), after=after))


@scheduled(cron="* * * * * */3")
def try_proposed_rules() -> None:
    until_nothing_is_left(_try_rules)


def _try_rules() -> int:
    trial_id = rules.claim_trial(now=timezone.now())
    if trial_id is not None:
        rules.run_trial(trial_id=trial_id, now=timezone.now(), is_closed=site_is_closed)
    return trial_id is not None


@scheduled(cron="* * * * * */15")
def end_borrowings_and_pauses() -> None:
    with acting(Actor.system("floor")):
        borrowing.end_what_is_over(now=timezone.now())


@scheduled(cron="* * * * * */20")
def keep_what_was_met() -> None:
    """Keep what closed browsers left open, and forget what can no longer be undone."""
    until_nothing_is_left(lambda: wellbeing.keep_lapsed_looks(now=timezone.now()))
    until_nothing_is_left(lambda: stops.forget_old(now=timezone.now(), keep=TO_UNDO))


@scheduled(cron="* * * * * */30")
def note_capacity() -> None:
    with acting(Actor.system("worker")):
        capacity.note_capacity(now=timezone.now())


@scheduled(cron="* * * * * */10")
def note_overruns() -> None:
    with acting(Actor.system("worker")):
        overrunning.note_overruns(now=timezone.now())


@scheduled(cron="37 2 * * *")
def forget_old_requests() -> None:
    until_nothing_is_left(lambda: forget_old(now=timezone.now()))


@scheduled(cron="7 * * * *")
def close_resolved_cases() -> None:
    after = timedelta(days=settings.CLOSE_AFTER_DAYS)
    until_nothing_is_left(lambda: casework.close_resolved_cases(now=timezone.now(), after=after))


@scheduled(cron="*/10 * * * *")
def forget_presence() -> None:
    until_nothing_is_left(lambda: forget_old_presence(now=timezone.now()))


@scheduled(cron="23 * * * *")
def forget_old_mail() -> None:
    keep = timedelta(days=settings.KEEP_SENT_MAIL_DAYS)
    until_nothing_is_left(lambda: forget_sent_mail(before=timezone.now() - keep))


@scheduled(cron="53 2 * * *")
def forget_what_came_by_form() -> None:
    """Forget where forms came from, and files of those that were never sent."""
    with acting(Actor.system("worker")):
        forms.forget_old_tickets(now=timezone.now())
        attachments.remove_abandoned(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="caseward.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Do again what a worker that was killed had begun."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await jobs.retry_job(job)


@app.periodic(cron="41 3 * * *")
@app.task(name="caseward.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Remove failed jobs after a week; jobs that went well are removed at once."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEEP_FAILED_JOBS_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
