"""examples/predict.py for other servers: its `fastapi` is Vivace."""

import vivace.as_fastapi  # isort: skip
from examples.predict import app

assert isinstance(app, vivace.FastAPI)
