"""Sentences that people have rated: fetched, read, and parted into those to learn from and those held out.

The ratings are those of the VADER paper (Hutto & Gilbert, ICWSM 2014): sentences of film and product reviews and of
tweets, each rated by at least 20 people from -4 (very negative) to 4 (very positive). The source distribution of the
package `vaderSentiment` on PyPI carries them (MIT licence). They are read from there and not kept in this repository.

Knows nothing of models.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "vaderSentiment==3.3.2"
ARCHIVE = "vaderSentiment-3.3.2.tar.gz"
SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
RATINGS = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"

# The fourth source, newspaper editorials, is left out: over half of its sentences are rated as neutral.
SOURCES = {"films": "movieReviewSnippets", "products": "amazonReviewSnippets", "tweets": "tweets"}

CLEAR = 0.5
"""A sentence whose mean rating is nearer to 0 says nothing clearly: it is not learnt from, and is counted apart."""

_HELD_OUT = 26  # of 256 documents: about a tenth


@dataclass(frozen=True, slots=True)
class Sentence:
    source: str
    document: str
    """Which review or tweet it is from: the sentences of one are all learnt from, or all held out."""
    rating: float
    text: str

    @property
    def positive(self) -> bool:
        return self.rating > 0

    @property
    def clear(self) -> bool:
        return abs(self.rating) >= CLEAR

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(f"{self.source}/{self.document}".encode()).digest()[0] < _HELD_OUT


def fetch(folder: Path) -> Path:
    """The archive in `folder`, downloaded by pip if it is not there yet.

    Raises:
        RuntimeError: pip could not download it, or it is not the archive that was meant.
    """
    archive = folder / ARCHIVE
    if not archive.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:", PACKAGE]
        if subprocess.run([*command, "--dest", folder], check=False).returncode:
            raise RuntimeError(f"pip could not download {PACKAGE}: fetch {ARCHIVE} yourself and put it into {folder}")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise RuntimeError(f"{archive} is another archive than the one meant: delete it and start again")
    return archive


def read(archive: Path) -> list[Sentence]:
    """All sentences with an opinion, each text once, in the archive's order."""
    found: dict[str, Sentence] = {}
    for sentence in _sentences(archive):
        if sentence.rating:
            found.setdefault(sentence.text.lower(), sentence)
    return list(found.values())


def _sentences(archive: Path) -> Iterator[Sentence]:
    with tarfile.open(archive) as outer, tarfile.open(fileobj=io.BytesIO(_member(outer, RATINGS))) as inner:
        for source, name in SOURCES.items():
            lines = _member(inner, f"hutto_ICWSM_2014/{name}_GroundTruth.txt").decode().splitlines()
            for line in lines:
                number, rating, text = line.split("\t")
                yield Sentence(source, number.partition("_")[0], float(rating), text)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file, f"{name} is a file"
    return file.read()
