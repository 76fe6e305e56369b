"""The run itself: start everything, watch over it, stop it in good order."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from caseward.jobs.embedded import Cluster, EmbeddedPostgresError
from caseward.jobs.running.console import say, warn
from caseward.jobs.running.parts import WORKER, Part
from caseward.jobs.running.process import Process, keep_short

LOOK_SECONDS = 0.2
HEALTH_LOOK_SECONDS = 0.05
HEALTH_PATIENCE_SECONDS = 60.0
TIDY_SECONDS = 60.0
DOORS_CLOSE_SECONDS = 2.5
WORKER_ENDS_SECONDS = 1.5
ENDING = (signal.SIGINT, signal.SIGTERM)
HOPELESS_DEATHS = 4
"""Deaths in a row of one process before the first sign of health that end the attempt."""


class WillNotStart(Exception):
    """A part died again and again before the installation ever was well."""


class Runner:
    """Keeps the parts of an installation alive until it is told to stop."""

    def __init__(self, parts: Sequence[Part], *, log: Path, cluster: Cluster | None = None) -> None:
        self.processes = [Process(part, log) for part in parts]
        self.cluster = cluster
        self.told_to_stop = threading.Event()
        self._tidied_at = time.monotonic()

    def run(self, *, is_healthy: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Run until Ctrl-C or SIGTERM.

        Raises:
            WillNotStart: a part cannot be brought up; everything was stopped again.
        """
        before = {number: signal.signal(number, self._stop_on_signal) for number in ENDING}
        try:
            for process in self.processes:
                process.start()
            self._wait_until_well(is_healthy)
            if not self.told_to_stop.is_set():
                when_ready()
            while not self.told_to_stop.wait(LOOK_SECONDS):
                self._look_after_all()
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait_until_well(self, is_healthy: Callable[[], bool]) -> None:
        give_up_at = time.monotonic() + HEALTH_PATIENCE_SECONDS
        while not self.told_to_stop.wait(HEALTH_LOOK_SECONDS):
            self._look_after_all()
            self._give_up_on_the_hopeless()
            if is_healthy():
                return
            if time.monotonic() > give_up_at:
                warn("Not everything is well yet; /healthz says what is missing.")
                return

    def _look_after_all(self) -> None:
        self._look_after_the_database()
        for process in self.processes:
            code = process.notice_death()
            if code is not None:
                _say_death(process, code)
            elif process.start_if_due():
                say(process.part.name, f"started again (process {process.pid})")
        self._tidy_logs()

    def _look_after_the_database(self) -> None:
        if self.cluster is None or self.cluster.server.is_running():
            return
        say("database", "was killed; starting it again")
        try:
            self.cluster.recover()
        except EmbeddedPostgresError as problem:
            warn(str(problem))

    def _give_up_on_the_hopeless(self) -> None:
        for process in self.processes:
            if process.deaths_in_a_row >= HOPELESS_DEATHS:
                raise WillNotStart(
                    f"The part that {process.part.says} ({process.part.name}) does not start. "
                    f"The end of {process.log} says:\n{process.last_lines()}"
                )

    def _tidy_logs(self) -> None:
        if time.monotonic() - self._tidied_at > TIDY_SECONDS:
            self._tidied_at = time.monotonic()
            for process in self.processes:
                keep_short(process.log)

    def _stop_all(self) -> None:
        """Close the doors first, so that the worker ends with nothing new coming in."""
        doors = [process for process in self.processes if process.part != WORKER]
        worker = [process for process in self.processes if process.part == WORKER]
        self._stop(doors, patience=DOORS_CLOSE_SECONDS)
        self._stop(worker, patience=WORKER_ENDS_SECONDS)

    def _stop(self, processes: list[Process], *, patience: float) -> None:
        for process in processes:
            process.ask_to_end()
        give_up_at = time.monotonic() + patience
        while not all(process.has_ended() for process in processes):
            if time.monotonic() > give_up_at:
                break
            time.sleep(0.02)
        for process in processes:
            process.signal(signal.SIGKILL)

    def _stop_on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop.set()


def _say_death(process: Process, code: int) -> None:
    if process.is_done:
        say(process.part.name, "has nothing more to do")
        return
    pause = f"{process.pause_seconds:g} s"
    why = f"ended with {_how(code)}; starting it again in {pause}"
    say(process.part.name, f"{why} (see {process.log})")


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"code {code}"
