"""Walking the streets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from examples.food_delivery.delivery.grid import CITY, Point, distance, step

CROSSINGS = st.builds(Point, st.integers(0, CITY.width).map(float), st.integers(0, CITY.height).map(float))


@given(CROSSINGS, CROSSINGS, st.sampled_from([0.25, 0.5, 1.0, 1.7, 3.0]))
def test_who_walks_stays_on_streets_and_arrives_by_the_shortest_way(at: Point, to: Point, blocks: float) -> None:
    way, steps = distance(at, to), 0
    while at != to:
        at, before = step(at, to, blocks), at
        steps += 1
        assert at.x == round(at.x) or at.y == round(at.y)
        assert distance(before, at) <= blocks + 0.002
        assert steps <= way / blocks + 2


@given(CROSSINGS, CROSSINGS, CROSSINGS)
def test_who_turns_back_between_two_crossings_arrives_too(at: Point, first: Point, then: Point) -> None:
    at = step(at, first, 0.4)
    for _ in range(400):
        at = step(at, then, 0.4)
        assert at.x == round(at.x) or at.y == round(at.y)
    assert at == then
