"""What the hottest routes of the food-delivery example cost, and the same on FastAPI: `python -m
benchmarks.food_delivery`.

Both on one PostgreSQL and one Redis with one city in it. Which routes are the hottest, the load says
(`examples/food_delivery/LOAD.md`): the three that are asked most often, and the order, which is the dearest.
"""
