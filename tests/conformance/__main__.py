"""Run the suite through the doors and hold the result against the lists of known failures.

Exit status: 0 as expected, 1 a test fails that is not listed (or a listed one is no test), 3 not finished in time.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.conformance import alias, control, ratchet, score, sdist, shards
from tests.conformance.outcomes import Outcomes, read

DOORS = ("asgi", "wire")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    add = parser.add_argument
    add("--door", choices=DOORS, action="append", help="only this door (both)")
    add("--only", action="append", default=[], metavar="GLOB", help="only these test files")
    add("--update", action="store_true", help="take off the lists what passes now")
    add("--init", action="store_true", help="write the first list of known failures")
    add("--failures", action="store_true", help="print every failing test with its reason")
    add("--package", choices=("vivace", "fastapi"), default="vivace", help="what to test; fastapi is the control")
    add("--python", default=sys.executable, help="interpreter that has the package and requirements.txt")
    add("--timeout", type=float, default=900, help="seconds for a door (900)")
    add("--test-timeout", type=float, default=30, help="seconds for a test (30)")
    add("-n", "--workers", type=int, default=2, help="pytest processes (2)")
    add("--keep", action="store_true", help="keep the working folders")
    add("--write-control", action="store_true", help="make the genuine package's outcomes the control")
    return parser.parse_args()


def selected(path: str, globs: list[str]) -> bool:
    names = (path, path.removeprefix("tests/"), path.rpartition("/")[2])
    return not globs or any(fnmatch.fnmatchcase(name, glob) for name in names for glob in globs)


def run_suite(options: argparse.Namespace, files: sdist.Files, paths: list[str], door: str) -> tuple[Outcomes, bool]:
    """What the tests gave through one door, and whether all of them were run."""
    # Not resolved: in a virtual environment the interpreter is a link, and its target is another environment.
    python = str(Path(shutil.which(options.python) or options.python).absolute())
    top = Path(tempfile.mkdtemp(prefix=f"vivace-conformance-{door}-"))
    command = shards.command(python, options.test_timeout)
    try:
        parts = []
        for number, part in enumerate(shards.split(paths, control.load().passed, options.workers)):
            folder = top / str(number)
            sdist.lay_out(files, folder)
            parts.append(shards.Shard(folder, part, command, alias.environment(folder, python, options.package, door)))
        alias.check(parts[0].folder, parts[0].env, python, options.package)
        complete = shards.run(parts, top / "pytest.log", options.timeout)
    finally:
        if not options.keep:
            shutil.rmtree(top, ignore_errors=True)
    if options.keep:
        print(f"working folders and pytest's output: {top}")
    return read([row for shard in parts for row in shard.rows]), complete


def report(options: argparse.Namespace, door: str, found: Outcomes, expected: control.Control) -> bool:
    """Print the door's result and bring the list in line as asked; whether it is as expected."""
    scored = expected.scored
    scope = frozenset(test for test in scored if selected(test.partition("::")[0], options.only))
    failing = sorted(test for test in scope if not found.passed(test))
    if options.init:
        ratchet.start(door, failing)
    known = ratchet.load(door)
    verdict = ratchet.judge(known, scope, scored, found)
    print(score.table(scope, expected, found))
    print_failures(options, failing, verdict, found)
    if options.update:
        ratchet.shrink(door, known, verdict)
        verdict = ratchet.judge(ratchet.load(door), scope, scored, found)
    passed = len(scope) - len(failing)
    print(f"{door} door: {passed} of {len(scope)} pass, {len(failing)} fail, {len(verdict.new)} of these not listed")
    return verdict.ok


def print_failures(options: argparse.Namespace, failing: list[str], verdict: ratchet.Verdict, found: Outcomes) -> None:
    if found.leaks:
        print(f"WARNING: modules of a genuine fastapi were loaded: {sorted(found.leaks)}")
    if failing:
        print("most common reasons\n" + score.reasons(failing, found, 10))
    if options.failures:
        print("failures", *(f"  {test}  {score.first_line(found.reason(test))}" for test in failing), sep="\n")
    for title, tests in (
        ("fail and are not listed", verdict.new),
        ("are listed and pass now: take them off with --update", verdict.mended),
        ("are listed and are no test that counts: take them off with --update", verdict.gone),
    ):
        if tests:
            print(f"{len(tests)} {title}", *(f"  {test}" for test in tests[:200]), sep="\n")


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that folders and processes are cleared away
    files = sdist.read(sdist.fetch())
    paths = [path for path in sdist.test_files(files) if selected(path, options.only)]
    if not paths:
        raise SystemExit(f"no test file matches {options.only}")
    if options.write_control:
        control.write(run_suite(options, files, paths, "asgi")[0])
        return 0
    expected, status = control.load(), 0
    for door in options.door or DOORS:
        print(f"FastAPI {sdist.VERSION}'s suite against {options.package}, {door} door ({os.cpu_count()} cores)")
        found, complete = run_suite(options, files, paths, door)
        ok = report(options, door, found, expected)
        if not complete:
            print(f"{door} door: NOT FINISHED within {options.timeout:g} s")
        status = max(status, 3 if not complete else 0 if ok else 1)
    return status


if __name__ == "__main__":
    sys.exit(main())
