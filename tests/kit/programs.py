"""Programs that need a process of their own: what they print, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys


def python(source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the source in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-c", source],
        check=False,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
