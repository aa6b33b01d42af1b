"""Two worker processes under load, whose Redis server is killed and started again in between: `make kit-load`.

`program` is what is served, `run` starts it and its server, four loads drive it (`rates`, `payments`, `logins`,
`orders`), and `page` writes down what was expected and what was counted.
"""
