"""FastAPI's own test suite, run against Vivace.

The way of a run: `sdist` fetches the suite and lays it out in a folder, `alias` makes the import name `fastapi` stand
for Vivace there, `shards` runs pytest over it and survives what kills an interpreter, `outcomes` reads the record,
`control` says which tests the genuine FastAPI passes, `score` counts, and `ratchet` holds the result against the lists
of known failures. `python -m tests.conformance --help` runs it; standard library only.
"""
