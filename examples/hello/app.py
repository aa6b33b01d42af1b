from vivace import FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"message": "Hello from FastAPI!"}
