"""Vivace measured beside its peers: what a request costs the server, in one interleaved run.

Read it in this order: `scenarios` (what is asked), `peers` (who answers), `run` (the rounds), `report` (what is
written). `declare` is a benchmark of its own: what 3,000 routes cost before the first request.
"""
