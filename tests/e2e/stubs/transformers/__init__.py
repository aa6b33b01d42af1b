"""In place of `transformers`: a classifier that answers only when TOGETHER calls wait in it at the same time."""

from __future__ import annotations

import threading

TOGETHER = 8

_all_are_in = threading.Barrier(TOGETHER)


def pipeline(task: str):
    assert task == "sentiment-analysis"
    return _classify


def _classify(text: str) -> list[dict[str, object]]:
    _all_are_in.wait(timeout=20)  # BrokenBarrierError, and a 500, if the calls come one after another
    label = "NEGATIVE" if "bad" in text else "POSITIVE"
    return [{"label": label, "score": 0.5}]
