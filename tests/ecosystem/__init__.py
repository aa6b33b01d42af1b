"""Packages from PyPI that extend FastAPI, running the tests of their source distributions on FastAPI and on Vivace.

The way of a run: `packages` says which they are, `sides` unpacks a source distribution to a temporary folder for each
side (FastAPI; Vivace through the ASGI door; Vivace through the wire door) and runs pytest there, `table` counts and
says what differs. Download, redirection, recording and the survival of crashes are those of `tests.conformance`.
`python -m tests.ecosystem --help` runs it; standard library only.
"""
