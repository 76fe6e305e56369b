"""What the kernel says a tree of processes has used: CPU time and memory."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def cpu_seconds(*roots: int) -> float:
    """Return the user and system time of processes and everything they started, ended or not."""
    return sum(_charged(pid) for pid in _trees(roots)) / TICKS


def memory_mb(*roots: int) -> float:
    """Return the proportional set size: pages shared by several processes are divided by them."""
    return sum(_pss_kb(pid) for pid in _trees(roots)) / 1024


def _trees(roots: tuple[int, ...]) -> Iterator[int]:
    children = _children()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children[pid]


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for folder in PROC.glob("[0-9]*"):
        if fields := _stat(int(folder.name)):
            found[int(fields[1])].append(int(folder.name))
    return found


def _charged(pid: int) -> int:
    """Return the ticks of a process and of its ended children: fields 14 to 17 of `proc(5)`."""
    return sum(int(field) for field in _stat(pid)[11:15])


def _stat(pid: int) -> list[str]:
    """Return what follows the name, which may hold anything, in a process's line of facts."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _pss_kb(pid: int) -> int:
    try:
        rollup = (PROC / str(pid) / "smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:"), 0)
