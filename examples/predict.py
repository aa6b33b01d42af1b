from fastapi import FastAPI
from transformers import pipeline

app = FastAPI()

classifier = pipeline("sentiment-analysis")


@app.post("/predict")
def predict(text: str):
    return classifier(text)
