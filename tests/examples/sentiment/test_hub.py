"""A model in the hub's cache: where it lies, and that nobody else's is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.sentiment.hub import Place, install


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "home", "owner/model", "714eb0f")


def folder(path: Path, weights: str) -> Path:
    path.mkdir()
    (path / "model.safetensors").write_text(weights)
    return path


def test_the_revision_leads_to_the_files(place: Place, tmp_path: Path) -> None:
    assert not place.filled
    snapshot = install(folder(tmp_path / "one", "1"), place)
    repository = tmp_path / "home" / "hub" / "models--owner--model"
    commit = (repository / "refs" / "714eb0f").read_text()
    assert snapshot == repository / "snapshots" / commit
    assert (snapshot / "model.safetensors").read_text() == "1"
    assert place.filled


def test_a_model_takes_the_place_of_the_one_before(place: Place, tmp_path: Path) -> None:
    first = install(folder(tmp_path / "one", "1"), place)
    second = install(folder(tmp_path / "two", "2"), place)
    assert not first.exists()
    assert second.exists()


def test_what_was_not_installed_here_stays(place: Place, tmp_path: Path) -> None:
    place.repository.mkdir(parents=True)
    with pytest.raises(FileExistsError, match="not ours to replace: choose another --home"):
        install(folder(tmp_path / "one", "1"), place)
    assert not any(place.repository.iterdir())
