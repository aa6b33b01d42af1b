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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TASK = "text-classification"  # what "sentiment-analysis" is short for

_OURS = "installed-by-examples-sentiment"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cache below `home` keeps a model."""

    home: Path
    name: str
    revision: str

    @property
    def repository(self) -> Path:
        return self.home / "hub" / f"models--{self.name.replace('/', '--')}"

    @property
    def taken(self) -> bool:
        """Whether somebody else put a model there: it is not to be replaced."""
        return self.repository.exists() and not (self.repository / _OURS).exists()

    @property
    def filled(self) -> bool:
        return (self.repository / "refs" / self.revision).exists()


def default_place(home: Path) -> Place:
    """Where `pipeline("sentiment-analysis")` looks when HF_HOME is `home`."""
    from transformers.pipelines import SUPPORTED_TASKS

    tasks: dict[str, Any] = SUPPORTED_TASKS
    name, revision = tasks[TASK]["default"]["model"]
    return Place(home, name, revision)


def install(files: Path, place: Place) -> Path:
    """Copy the folder `files` there, in place of what was installed before. The folder in which they lie now.

    Raises:
        FileExistsError: what is there has not been installed by this function.
    """
    repository, commit = place.repository, _commit(files)
    if place.taken:
        raise FileExistsError(f"{repository} is not ours to replace: choose another --home")
    shutil.rmtree(repository, ignore_errors=True)
    repository.mkdir(parents=True)
    (repository / _OURS).touch()
    snapshot = shutil.copytree(files, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    for reference in ("main", place.revision):
        (repository / "refs" / reference).write_text(commit)
    return snapshot


def _commit(files: Path) -> str:
    """A name like a commit's, from the content of the files."""
    digest = hashlib.sha1(usedforsecurity=False)
    for path in sorted(files.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
