"""Reading a process tree's use from /proc."""

import os
import subprocess
import sys

import pytest

from benchmarks import cpu

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")


def test_a_stat_line_is_read_past_a_name_with_brackets_and_spaces() -> None:
    line = "7 (my (odd) name) S 3 7 7 0 -1 4194560 100 200 0 0 11 12 13 14 20 0 1 0 1000 0 0"
    assert cpu.parse_stat(line) == cpu.Stat(pid=7, parent=3, ticks=11 + 12 + 13 + 14)


def test_the_tree_holds_the_process_and_its_descendants() -> None:
    with subprocess.Popen(["sh", "-c", "cat; true"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(b"ready\n")
        shell.stdin.flush()
        assert shell.stdout.readline() == b"ready\n"  # so cat, the shell's child, is running
        tree = cpu.process_tree(shell.pid)
        assert tree[0].pid == shell.pid
        assert [stat.parent for stat in tree[1:]] == [shell.pid]
        assert cpu.resident_bytes(shell.pid) > 0


def test_cpu_time_and_memory_of_this_process_are_counted() -> None:
    assert cpu.cpu_seconds(os.getpid()) > 0
    assert cpu.resident_bytes(os.getpid()) > 2**20


def test_an_ended_process_has_no_tree() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert cpu.process_tree(ended.pid) == []
