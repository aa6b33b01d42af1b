"""A program for several workers: which of them answers, it says."""

import os
import time

from vivace import FastAPI
from vivace.kit.metrics import use_metrics

app = FastAPI()
use_metrics(app)


@app.get("/pids/{name}")
async def pid(name: str) -> int:
    time.sleep(0.02)  # this worker takes nothing else meanwhile: the other does
    return os.getpid()
