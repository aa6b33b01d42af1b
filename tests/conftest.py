"""What all tests share: how thoroughly hypothesis searches, and how often the garbage collector looks.

HYPOTHESIS_PROFILE chooses: `dev` (new examples each run), `ci` (the same ones each run), `thorough` (a long search).
"""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, Phase, settings

_ALWAYS = {
    "phases": set(Phase) - {Phase.explain},  # it traces every line of both frameworks
    "deadline": None,  # a shared machine's pauses are not the program's
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
settings.register_profile("dev", max_examples=60, **_ALWAYS)
settings.register_profile("ci", max_examples=60, derandomize=True, **_ALWAYS)
settings.register_profile("thorough", max_examples=1000, **_ALWAYS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

# 17,000 tests lie in memory: with the interpreter's own threshold (700) a tenth of the time goes into looking at them.
gc.set_threshold(10_000, 20, 20)
