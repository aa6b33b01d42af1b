"""What all tests share: how thoroughly hypothesis searches.

HYPOTHESIS_PROFILE chooses: `dev` (new examples each run), `ci` (the same ones each run), `thorough` (a long search).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_ALWAYS = {
    "phases": set(Phase) - {Phase.explain},  # it traces every line of both frameworks
    "deadline": None,  # a shared machine's pauses are not the program's
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
settings.register_profile("dev", max_examples=60, **_ALWAYS)
settings.register_profile("ci", max_examples=100, derandomize=True, **_ALWAYS)
settings.register_profile("thorough", max_examples=1000, **_ALWAYS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))
