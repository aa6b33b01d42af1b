"""Whether a process lives, and whether it is ready: endpoints for whatever starts, stops and routes to it.

check     one check of a dependency: its time limit, and what it found
health    `Health`: all checks at once, kept for a moment, and the two endpoints
"""

from vivace.kit.health.check import CheckReport as CheckReport
from vivace.kit.health.health import Health as Health
from vivace.kit.health.health import Report as Report
