"""What dependencies answer by themselves, in the document of the routes that depend on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, TypeVar

from vivace.dependencies.models import Dependant
from vivace.utils import deep_dict_update

F = TypeVar("F", bound=Callable[..., Any])

_ANSWERS = "__vivace_answers__"


def answers(dependency: F, responses: dict[int, dict[str, Any]]) -> F:
    """Say what a dependency may answer by itself, such as a refusal that it raises.

    ```python
    def known(token: Annotated[str, Header()]) -> None:
        if token != "s3cret":
            raise HTTPException(401)


    answers(known, {401: {"description": "The token is not known"}})
    ```

    Every route that depends on it, however deep, shows these answers in the OpenAPI document. What the route says of a
    status itself stands in their place. Of one status that several dependencies answer, the descriptions are put
    together.

    Args:
        dependency: what `Depends` takes: a function, a class, or any callable object with attributes.
        responses: Response Objects by status (OpenAPI 3.1.0, section 4.8.17), each with its `description`.

    Returns:
        The dependency.

    Raises:
        ValueError: a response is without a description, or has a `model`: that is for the `responses` of routes.
    """
    for status, response in responses.items():
        if not response.get("description") or "model" in response:
            name = getattr(dependency, "__qualname__", repr(dependency))
            raise ValueError(f"answers({name}): {status} needs a `description`, and takes `content`, not a `model`")
    setattr(dependency, _ANSWERS, responses)
    return dependency


def answers_of(dependants: Iterable[Dependant]) -> dict[str, dict[str, Any]]:
    """By status, what all of these dependencies may answer."""
    found: dict[str, dict[str, Any]] = {}
    texts: dict[str, list[str]] = {}
    for dependant in dependants:
        told: dict[int, dict[str, Any]] = getattr(dependant.call, _ANSWERS, {})
        for status, response in told.items():
            known = texts.setdefault(str(status), [])
            if response["description"] not in known:
                known.append(response["description"])
            deep_dict_update(found.setdefault(str(status), {}), deepcopy(response))
    return {status: {**found[status], "description": "; ".join(known)} for status, known in sorted(texts.items())}
