"""The report: `report-food-delivery.md`, `.svg` and `.json`, beside those of the other benchmarks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measurements import Results
from benchmarks.paths import HERE
from benchmarks.report import closing, cpu_table, opening, read, requests_table, write_page

NAME = "report-food-delivery"

NOTE = (
    "User and system time of the server's process tree over the window, divided by the requests completed in it; "
    "PostgreSQL and Redis are not in it. Less is better. The last column says how many times FastAPI costs Vivace. "
    "Recommendations and orders are milliseconds of SQLAlchemy on either: there the framework is a small part."
)
BOTH = (
    "Both servers are one process each, on uvicorn with uvloop, with a pool of ten connections to the same PostgreSQL "
    "and the same Redis. Models, schemas and the rules (stock, prices, payment, recommendations) are the same code. "
    "Vivace runs the flagship as it is, with everything that it has around its routes: metrics, security headers, "
    "problem details; and what followers are told is kept, in order, for who comes back. FastAPI runs "
    "`benchmarks/peers/food_on_fastapi.py`: PyJWT, fastapi-cache2 on Redis, idempotency keys and Redis' publish by "
    "hand, and none of the rest."
)
REQUESTS = "More is better. A star marks a server that waited: for the database, as a rule, which shares the machine."


def markdown(results: Results) -> str:
    sections = [
        *opening(results, "What the flagship's hottest routes cost", "make bench-food-delivery", f"{NAME}.svg"),
        BOTH,
        f"## Microseconds of CPU per request\n\n{NOTE}",
        cpu_table(results),
        f"## Requests per second\n\n{REQUESTS}",
        requests_table(results),
        *closing(results),
    ]
    return "\n\n".join(sections) + "\n"


def publish(results: Results, folder: Path) -> Path:
    write_page(results, folder, NAME, markdown(results))
    return folder / f"{NAME}.md"


if __name__ == "__main__":
    publish(read(HERE, NAME), HERE)
