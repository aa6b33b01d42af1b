"""What follows from a dependant follows from what it is now."""

from collections.abc import Iterator

from tests.doors import Call
from vivace import Depends, FastAPI
from vivace.dependencies.models import Dependant
from vivace.dependencies.utils import get_parameterless_sub_dependant
from vivace.security import APIKeyHeader


def dependency() -> None: ...


def generator() -> Iterator[None]:
    yield


def test_scopes_count_for_sharing_only_where_somebody_uses_them() -> None:
    dependant = Dependant(call=dependency, parent_oauth_scopes=["read"])
    assert dependant.cache_key == (dependency, (), "")
    dependant.dependencies.append(Dependant(call=APIKeyHeader(name="key")))
    assert dependant.cache_key == (dependency, ("read",), "")


def test_scopes_are_named_once_the_outer_ones_first() -> None:
    dependant = Dependant(call=dependency, own_oauth_scopes=["write", "read"], parent_oauth_scopes=["read"])
    assert dependant.oauth_scopes == ["read", "write"]
    assert dependant.cache_key == (dependency, ("read", "write"), "")


def test_a_generator_ends_after_the_response_unless_it_says_otherwise() -> None:
    assert Dependant(call=generator).computed_scope == "request"
    assert Dependant(call=generator, scope="function").computed_scope == "function"
    assert Dependant(call=dependency).computed_scope is None


def test_a_dependency_put_into_a_graph_that_is_there_is_called(call: Call) -> None:
    """As packages do that add their own to every route."""
    calls = []
    app = FastAPI()

    @app.get("/")
    async def endpoint() -> str:
        return "answer"

    added = Depends(lambda: calls.append("added"))
    graph = app.routes[-1].dependant  # type: ignore[attr-defined]
    graph.dependencies.append(get_parameterless_sub_dependant(depends=added, path="/"))
    assert call(app).get("/").json() == "answer"
    assert calls == ["added"]
