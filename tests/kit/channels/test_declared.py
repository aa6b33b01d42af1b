"""What is said of channels where they are made: URLs, patterns, rules."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

from tests.servers import free_port
from vivace.kit.channels import Channels, ChannelsUnavailable
from vivace.kit.channels.pattern import Pattern, escape, unescape
from vivace.kit.channels.sse import documented


@pytest.fixture
def channels() -> Channels:
    return Channels.from_url("memory://")


@pytest.mark.parametrize("url", ["", "kafka://localhost", "http://localhost", "sqlite:///a.db"])
def test_a_url_of_another_kind_is_told_what_there_is(url: str) -> None:
    with pytest.raises(ValueError, match=r"The URL of channels is memory://, redis://host:6379/0 or nats://host:4222"):
        Channels.from_url(url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"namespace": "a.b"}, "1 to 64 letters, digits"),
        ({"namespace": ""}, "1 to 64 letters, digits"),
        ({"presence_ttl": 0}, "seconds, 0.1 to 3600"),
        ({"max_message_bytes": 10_000_000}, "up to 1000000"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Channels.from_url("memory://", **options)


@pytest.mark.parametrize(
    "pattern", ["", ":", "a:", "a b", "a*", "a.b", "a:{}", "a:{b", "a{b}", "{a}{b}", "a:{b}:{b}", "é", "a" * 65]
)
def test_a_pattern_that_is_none_is_refused(channels: Channels, pattern: str) -> None:
    with pytest.raises(ValueError, match=r"channel\("):
        channels.channel(pattern)


def test_names_that_are_arguments_are_refused(channels: Channels) -> None:
    with pytest.raises(ValueError, match="'member' is an argument of the channel's methods; rename it"):
        channels.channel("rooms:{member}")


@pytest.mark.parametrize("other", ["orders:{id}", "orders:all", "{what}:7"])
def test_channels_that_would_share_topics_are_refused(channels: Channels, other: str) -> None:
    channels.channel("orders:{order_id}")
    with pytest.raises(ValueError, match="would share topics"):
        channels.channel(other)
    channels.channel("orders")
    channels.channel("orders:{order_id}:items")


@pytest.mark.parametrize(
    "rules", [{"history": -1}, {"history": 10_001}, {"keep": 0}, {"queue": 0}, {"when_full": "wait"}]
)
def test_rules_that_make_no_sense_are_refused(channels: Channels, rules: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"history=|when_full="):
        channels.channel("orders", **rules)


class Kind(Enum):
    A = "a"


@pytest.mark.parametrize("value", [None, True, 1.5, b"a", Kind.A, ["a"]])
def test_a_parameter_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="is a str, an int or a UUID"):
        Pattern("a:{b}").topic({"b": value})


@pytest.mark.parametrize("values", [{}, {"b": 1, "c": 2}, {"c": 1}])
def test_parameters_that_are_missing_or_unknown_are_told(values: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"The channel 'a:\{b\}' takes b=; given:"):
        Pattern("a:{b}").topic(values)


def test_what_is_written_alike_is_the_same_topic() -> None:
    pattern = Pattern("a:{b}")
    assert pattern.topic({"b": 7}) == pattern.topic({"b": "7"}) == "a:7"
    assert pattern.topic({"b": UUID(int=0)}) == "a:00000000-0000-0000-0000-000000000000"


TEXT = st.text(st.characters() | st.sampled_from("%:.*> -\n\ud800"), max_size=200)


@given(one=TEXT, two=TEXT)
def test_different_values_never_meet_and_have_nothing_special(one: str, two: str) -> None:
    pattern = Pattern("a:{b}")
    first, second = pattern.topic({"b": one}), pattern.topic({"b": two})
    assert (first == second) == (one == two)
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-%:")
    assert first.count(":") == 1
    assert len(first) <= 200
    assert unescape(escape(one)) == one


@pytest.mark.parametrize("scheme", ["redis", "nats"])
@pytest.mark.anyio
async def test_no_message_holds_the_password(scheme: str) -> None:
    url = f"{scheme}://someone:s3cret@127.0.0.1:{free_port()}"
    async with Channels.from_url(url) as channels:
        with pytest.raises(ChannelsUnavailable) as caught:
            await channels.ping()
    told = f"{caught.value} {caught.value.__cause__} {caught.value.detail}"
    assert f"{scheme}://127.0.0.1" in told
    assert "s3cret" not in told
    assert "someone" not in told


def test_a_subscription_is_entered_once(channels: Channels) -> None:
    async def twice() -> None:
        subscription = channels.channel("a").subscribe()
        async with subscription:
            pass
        async with subscription:
            pass

    with pytest.raises(RuntimeError, match="make another with subscribe"):
        asyncio.run(twice())


class Part(BaseModel):
    name: str


class Whole(BaseModel):
    parts: list[Part]


class Tree(BaseModel):
    trees: list[Tree]


def test_the_documents_schema_stands_by_itself() -> None:
    def schema(type_: Any) -> Any:
        event = documented(TypeAdapter(type_))[200]["content"]["text/event-stream"]["itemSchema"]
        return event["properties"]["data"].get("contentSchema")

    assert schema(Whole)["properties"]["parts"]["items"]["properties"] == {"name": {"title": "Name", "type": "string"}}
    assert "$ref" not in str(schema(Whole))
    assert schema(Tree) is None
    assert schema(int) == {"type": "integer"}
