"""The files under test, and how their tools are called."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from examples.food_delivery.settings import Settings
from tests.servers import BIN, ROOT

# What the environment may say. `FOOD_CHANNELS_URL`: for tracking across processes.
VARIABLES = {f"food_{name}" for name in Settings.model_fields} | {"food_secrets_dir"}
DEPLOY = ROOT / "examples" / "food_delivery" / "deploy"


def tool(name: str, *arguments: str | Path) -> tuple[int, str]:
    """Run a script of this environment. The exit status, and all that it printed."""
    ran = subprocess.run(
        [BIN / name, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return ran.returncode, ran.stdout + ran.stderr


def load(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


def instructions(dockerfile: Path) -> Iterator[tuple[str, str]]:
    """Each instruction of a Dockerfile with what follows it."""
    text = dockerfile.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.strip().partition(" ")
            yield name, rest.strip()
