"""The cache of the Hugging Face hub, as `pipeline("sentiment-analysis")` looks into it: a model put where it looks.

A pipeline that is not told which model to take asks for the default of its task, in a certain revision. Where the
hub can't be reached it takes what the cache has under that name:

    $HF_HOME/hub/models--<owner>--<name>/refs/<revision>             the commit that the revision stands for
    $HF_HOME/hub/models--<owner>--<name>/snapshots/<commit>/...      its files

So a program finds a model of one's own without being edited. Such a cache belongs to nothing but that program:
never put this into the cache that other programs share, where the name means the hub's own model.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

TASK = "text-classification"  # what "sentiment-analysis" is short for


def default_model() -> tuple[str, str]:
    """The model that `pipeline("sentiment-analysis")` asks for, and in which revision."""
    from transformers.pipelines import SUPPORTED_TASKS

    name, revision = SUPPORTED_TASKS[TASK]["default"]["model"]
    return name, revision


def install(files: Path, home: Path) -> Path:
    """Copy the folder `files` into the cache below `home` as the default model. Where it lies there."""
    name, revision = default_model()
    repository = home / "hub" / f"models--{name.replace('/', '--')}"
    commit = _commit(files)
    snapshot = repository / "snapshots" / commit
    shutil.rmtree(repository, ignore_errors=True)
    shutil.copytree(files, snapshot)
    (repository / "refs").mkdir()
    for reference in ("main", revision):
        (repository / "refs" / reference).write_text(commit)
    return snapshot


def installed(home: Path) -> bool:
    name, revision = default_model()
    return (home / "hub" / f"models--{name.replace('/', '--')}" / "refs" / revision).exists()


def _commit(files: Path) -> str:
    """A name like a commit's, from the content of the files."""
    digest = hashlib.sha1(usedforsecurity=False)
    for path in sorted(files.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
