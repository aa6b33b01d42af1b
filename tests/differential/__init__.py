"""The real FastAPI as oracle: the same programs, the same requests, everything compared.

`case` is what is sent, `stage` sends it through a door, `compare` says what differs. A module of `programs/` has
`build(f)`, which makes an application with the framework module `f`, and `CASES`, and may have `DRAWN`, a hypothesis
strategy of further cases. No expected value is written down anywhere: FastAPI is the expected value.
"""
