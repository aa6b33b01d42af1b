from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Student(BaseModel):
    name: str
    age: int
    marks: float


@app.post("/student")
def add_student(stu: Student):
    return {"status": "received", "data": stu}
