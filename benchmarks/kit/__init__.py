"""What the production kit costs beside popular add-ons of FastAPI: `python -m benchmarks.kit`.

The rounds, the load and the counting of CPU time are those of `benchmarks`; here is what is asked, who answers, and
what the report says of it. The programs that answer are in `benchmarks/peers`, `kit_on_….py`.
"""
