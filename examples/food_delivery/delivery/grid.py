"""The city: straight streets that cross every block. No one knows of orders or couriers here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """Streets 0 to `width` from west to east, 0 to `height` from north to south."""

    width: int
    height: int


CITY = City(width=40, height=24)
SECONDS_A_BLOCK = 1.0  # for a courier


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a street, in blocks."""

    x: float
    y: float


def distance(a: Point, b: Point) -> float:
    """How far to walk, in blocks."""
    return abs(a.x - b.x) + abs(a.y - b.y)


def step(at: Point, to: Point, blocks: float) -> Point:
    """Where somebody is who walks so far: first to the crossing where they turn, east or west, then north or south."""
    along = min(blocks, abs(to.x - at.x)) if at.y == round(at.y) else 0.0
    x = at.x + _towards(at.x, to.x) * along
    rest = blocks - along
    target = to.y if x == to.x else round(at.y)  # who is between two crossings goes on to one first
    down = min(rest, abs(target - at.y))
    return Point(round(x, 3), round(at.y + _towards(at.y, target) * down, 3))


def _towards(a: float, b: float) -> int:
    return (b > a) - (b < a)
