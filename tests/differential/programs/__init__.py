"""Programs that both frameworks are to run: each a module with `build(f)` and `CASES`.

A program may append to `app.state.events`: what stands there after a request is compared too. It may have `CLIENT`,
options for the test client, and `DRAWN`, a hypothesis strategy of cases.
"""
