"""The way of an order, as a table. Every rule about which state follows which, and who may bring it about, is here.

    placed ──accept──▶ accepted ──cook──▶ cooking ──finish──▶ ready ──pick_up──▶ picked_up ──deliver──▶ delivered
       │                   │                 │                   │                                         │
       └─────cancel────────┴─────────────────┴───────────────────┴──▶ cancelled ────────refund────▶ refunded ◀┘

Nothing here knows of databases, requests or money.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from examples.food_delivery.identity.models import Role


class Status(StrEnum):
    PLACED = "placed"
    ACCEPTED = "accepted"
    COOKING = "cooking"
    READY = "ready"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Action(StrEnum):
    ACCEPT = "accept"
    COOK = "cook"
    FINISH = "finish"
    PICK_UP = "pick_up"
    DELIVER = "deliver"
    CANCEL = "cancel"
    REFUND = "refund"


class Actor(StrEnum):
    """Who acts: a role, or the service itself."""

    CUSTOMER = Role.CUSTOMER.value
    RESTAURANT = Role.RESTAURANT.value
    COURIER = Role.COURIER.value
    ADMIN = Role.ADMIN.value
    SYSTEM = "system"  # a payment that failed; a refund that is due


@dataclass(frozen=True, slots=True)
class Transition:
    to: Status
    actors: frozenset[Actor]
    restocks: bool = False  # what has not been cooked can be sold again


class NotPossible(Exception):
    """No such transition."""


class NotAllowed(Exception):
    """There is one, for others."""


_C, _R, _D, _A, _S = Actor.CUSTOMER, Actor.RESTAURANT, Actor.COURIER, Actor.ADMIN, Actor.SYSTEM

TRANSITIONS: dict[tuple[Status, Action], Transition] = {
    (Status.PLACED, Action.ACCEPT): Transition(Status.ACCEPTED, frozenset({_R})),
    (Status.ACCEPTED, Action.COOK): Transition(Status.COOKING, frozenset({_R})),
    (Status.COOKING, Action.FINISH): Transition(Status.READY, frozenset({_R})),
    (Status.READY, Action.PICK_UP): Transition(Status.PICKED_UP, frozenset({_D})),
    (Status.PICKED_UP, Action.DELIVER): Transition(Status.DELIVERED, frozenset({_D})),
    (Status.PLACED, Action.CANCEL): Transition(Status.CANCELLED, frozenset({_C, _R, _A, _S}), restocks=True),
    (Status.ACCEPTED, Action.CANCEL): Transition(Status.CANCELLED, frozenset({_R, _A}), restocks=True),
    (Status.COOKING, Action.CANCEL): Transition(Status.CANCELLED, frozenset({_A})),
    (Status.READY, Action.CANCEL): Transition(Status.CANCELLED, frozenset({_A})),
    (Status.CANCELLED, Action.REFUND): Transition(Status.REFUNDED, frozenset({_A, _S})),
    (Status.DELIVERED, Action.REFUND): Transition(Status.REFUNDED, frozenset({_A})),
}

UNDER_WAY = (Status.PLACED, Status.ACCEPTED, Status.COOKING, Status.READY, Status.PICKED_UP)
OVER = (Status.DELIVERED, Status.CANCELLED, Status.REFUNDED)


def transition(status: Status, action: Action, actor: Actor) -> Transition:
    """
    Raises:
        NotPossible: the action has no place in this status.
        NotAllowed: it is somebody else's.
    """
    found = TRANSITIONS.get((status, action))
    if found is None:
        raise NotPossible(f"An order that is {status} can't {action}: it can {_words(actions(status)) or 'nothing'}")
    if actor not in found.actors:
        raise NotAllowed(f"{action} is for {_words(sorted(found.actors))}, not for {actor}")
    return found


def actions(status: Status, actor: Actor | None = None) -> list[Action]:
    """What can be done; by somebody, if one is given."""
    return [
        action
        for (before, action), found in TRANSITIONS.items()
        if before is status and (actor is None or actor in found.actors)
    ]


def _words(values: Iterable[str]) -> str:
    return " or ".join(values)
