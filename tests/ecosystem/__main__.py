"""Run the packages' tests on FastAPI and on Vivace and print the table.

Exit status: 0 if Vivace passes through both doors what FastAPI passes, 1 if not.
"""

from __future__ import annotations

import argparse
import fnmatch
import shutil
import signal
import sys
from pathlib import Path

from tests.conformance import sdist
from tests.ecosystem import sides, table
from tests.ecosystem.packages import PACKAGES, Package


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.ecosystem", description=__doc__)
    add = parser.add_argument
    add("--only", action="append", default=[], metavar="NAME", help="only this package, or those that a glob fits")
    add("--python", default=sys.executable, help="interpreter that has vivace, fastapi and what the packages need")
    add("--timeout", type=float, default=900, help="seconds for a package, all sides together (900)")
    add("--keep", action="store_true", help="keep the working folders")
    add("--pins", action="store_true", help="print the packages as requirements for pip, and run nothing")
    return parser.parse_args()


def selected(globs: list[str]) -> list[Package]:
    found = [p for p in PACKAGES if not globs or any(fnmatch.fnmatchcase(p.name, glob) for glob in globs)]
    if not found:
        raise SystemExit(f"no package fits {globs}: there are {', '.join(p.name for p in PACKAGES)}")
    return found


def main() -> int:
    options = arguments()
    packages = selected(options.only)
    if options.pins:
        print(f"fastapi=={sdist.VERSION}", *(package.pin for package in packages))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that folders and processes are cleared away
    # Not resolved: in a virtual environment the interpreter is a link, and its target is another environment.
    python = str(Path(shutil.which(options.python) or options.python).absolute())
    results = []
    for package in packages:
        print(f"{package.pin} ...", file=sys.stderr, flush=True)
        ran = sides.run(package, python, options.timeout, options.keep)
        late = tuple(side for side, (_, finished) in ran.items() if not finished)
        results.append(table.Result(package, {side: outcomes for side, (outcomes, _) in ran.items()}, late))
        print(table.row(results[-1]), file=sys.stderr, flush=True)
    print(f"\nFastAPI {sdist.VERSION}\n\n{table.HEAD}", *map(table.row, results), "", sep="\n")
    for result in results:
        if told := table.details(result):
            print(told)
    equal = sum(result.ok for result in results)
    print(f"{equal} of {len(results)} packages at equal counts through both doors")
    return 0 if equal == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
