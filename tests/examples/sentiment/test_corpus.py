"""The rated sentences: what is read of the archive, and what is held out."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from examples.sentiment import corpus

FILES = {
    "movieReviewSnippets": "1\t2.5\tA joy\n2\t0.0\tA film\n3\t-3\tA bore\n4\t1\ta JOY\n",
    "amazonReviewSnippets": "1_1\t0.4\tIt is fine\n1_2\t-2\tIt broke\n",
    "tweets": "1\t3\tyay\n",
}


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    inner = packed({f"hutto_ICWSM_2014/{name}_GroundTruth.txt": text.encode() for name, text in FILES.items()})
    path = tmp_path / corpus.ARCHIVE
    path.write_bytes(packed({corpus.RATINGS: inner}))
    return path


def test_every_text_with_an_opinion_is_read_once(archive: Path) -> None:
    found = [(one.source, one.document, one.text, one.positive, one.clear) for one in corpus.read(archive)]
    assert found == [
        ("films", "1", "A joy", True, True),
        ("films", "3", "A bore", False, True),
        ("products", "1", "It is fine", True, False),
        ("products", "1", "It broke", False, True),
        ("tweets", "1", "yay", True, True),
    ]


def test_the_sentences_of_a_document_are_held_out_together_and_about_a_tenth_are() -> None:
    documents = [str(number) for number in range(1000)]
    pairs = [[corpus.Sentence("films", document, rating, "") for rating in (-1, 1)] for document in documents]
    assert all(first.held_out == second.held_out for first, second in pairs)
    assert 70 < sum(first.held_out for first, _ in pairs) < 130


def test_another_archive_than_the_one_meant_is_refused(archive: Path) -> None:
    with pytest.raises(RuntimeError, match="another archive than the one meant: delete it"):
        corpus.fetch(archive.parent)
