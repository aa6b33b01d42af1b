import asyncio

from vivace import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow():
    await asyncio.sleep(5)
    return {"msg": "Done after 5 sec"}
