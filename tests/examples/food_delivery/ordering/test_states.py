"""The way of an order, written down a second time: which steps there are, and whose. All others are refused."""

from __future__ import annotations

from itertools import product

import pytest

from examples.food_delivery.ordering.states import (
    OVER,
    TRANSITIONS,
    UNDER_WAY,
    Action,
    Actor,
    NotAllowed,
    NotPossible,
    Status,
    actions,
    transition,
)

STEPS = """
placed    accept  accepted  restaurant
accepted  cook    cooking   restaurant
cooking   finish  ready     restaurant
ready     pick_up picked_up courier
picked_up deliver delivered courier
placed    cancel  cancelled customer restaurant admin system
accepted  cancel  cancelled restaurant admin
cooking   cancel  cancelled admin
ready     cancel  cancelled admin
cancelled refund  refunded  admin system
delivered refund  refunded  admin
"""
ALLOWED = {
    (Status(before), Action(action), Actor(actor)): Status(after)
    for before, action, after, *actors in map(str.split, STEPS.strip().splitlines())
    for actor in actors
}


@pytest.mark.parametrize(("status", "action", "actor"), [*product(Status, Action, Actor)])
def test_each_step_is_for_whom_it_is_and_leads_where_it_leads(status: Status, action: Action, actor: Actor) -> None:
    after = ALLOWED.get((status, action, actor))
    if after is not None:
        assert transition(status, action, actor).to is after
        return
    somebody_may = any((status, action, other) in ALLOWED for other in Actor)
    with pytest.raises(NotAllowed if somebody_may else NotPossible):
        transition(status, action, actor)


def test_every_order_can_come_to_an_end() -> None:
    reached = {Status.PLACED}
    for _ in Status:
        reached |= {found.to for (before, _), found in TRANSITIONS.items() if before in reached}
    assert reached == set(Status)
    assert set(UNDER_WAY) | set(OVER) == set(Status)
    assert all(actions(status) for status in UNDER_WAY)
    assert actions(Status.REFUNDED) == []


def test_what_has_been_cooked_does_not_go_back_on_the_shelf() -> None:
    restocking = {before for (before, _), found in TRANSITIONS.items() if found.restocks}
    assert restocking == {Status.PLACED, Status.ACCEPTED}
