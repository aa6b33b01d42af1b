"""A program with the preset and documentation pages."""

from vivace import FastAPI
from vivace.kit.secure import secure

app = FastAPI()
secure(app, hosts=["127.0.0.1"])


@app.post("/echo")
async def echo(word: str) -> str:
    return word
