"""Nothing declared."""


def build(f):
    return f.FastAPI()
