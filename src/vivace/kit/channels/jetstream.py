"""The JetStream streams that the NATS broker needs: made when first used, brought to what the channel says now."""

from __future__ import annotations

from typing import Any

from vivace.kit.channels.record import Topic

_ANOTHER_CONFIGURATION = 10058  # JSStreamNameExistErr
_TIMEOUT = 5.0  # seconds
_INACTIVE = 10.0  # seconds after which the server drops a consumer whose reader died


class Streams:
    """For one connection. Replicas and storage of a stream that exists are left as they are."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._there: set[str] = set()

    async def log(self, js: Any, topic: Topic) -> str:
        """The name of the stream of a topic's channel, which is there."""
        name = f"{self._namespace}=log={topic.family.replace(':', '=').replace('*', '+')}"
        if name not in self._there:
            from nats.js.api import RePublish, StorageType, StreamConfig

            words = topic.family.replace(":", ".")
            subject = f"{self._namespace}.log.{words}"
            heard = f"{self._namespace}.live.{_by_number(words)}"
            limits: dict[str, Any] = {
                "max_msgs_per_subject": topic.history + 1,  # the one before history tells where it begins
                "max_age": topic.keep,
                "duplicate_window": min(120.0, topic.keep),
                "republish": RePublish(src=subject, dest=heard),
            }
            await self._make(js, StreamConfig(name=name, subjects=[subject], storage=StorageType.FILE), limits)
            self._there.add(name)
        return name

    async def here(self, js: Any, ttl: float) -> str:
        """The name of the stream of who is here, which is there."""
        name = f"{self._namespace}=here"
        if name not in self._there:
            from nats.js.api import StorageType, StreamConfig

            subjects = [f"{self._namespace}.here.>"]
            limits = {"max_msgs_per_subject": 1, "max_age": ttl, "duplicate_window": min(120.0, ttl)}
            await self._make(js, StreamConfig(name=name, subjects=subjects, storage=StorageType.MEMORY), limits)
            self._there.add(name)
        return name

    def forget(self) -> None:
        """Something went wrong: look again whether they are there."""
        self._there.clear()

    @staticmethod
    async def _make(js: Any, config: Any, limits: dict[str, Any]) -> None:
        from nats.js.errors import APIError

        try:
            await js.add_stream(config, **limits)
        except APIError as error:
            if error.err_code != _ANOTHER_CONFIGURATION:
                raise
            known = (await js.stream_info(config.name)).config
            await js.update_stream(known, **limits)

    @staticmethod
    async def read(js: Any, stream: str, subject: str) -> list[Any]:
        """All that a stream has of a subject, oldest first."""
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=_INACTIVE,
            mem_storage=True,
            num_replicas=1,
        )
        reader = await js.pull_subscribe(subject, stream=stream, config=config)
        try:
            consumer = await reader.consumer_info()
            messages: list[Any] = []
            pending = consumer.num_pending or 0
            while len(messages) < pending:
                messages += await reader.fetch(pending - len(messages), timeout=_TIMEOUT)
            await js.delete_consumer(stream, consumer.name)
            return messages
        finally:
            await reader.unsubscribe()


def _by_number(words: str) -> str:
    """`orders.*.items.*` -> `orders.{{wildcard(1)}}.items.{{wildcard(2)}}`."""
    number, made = 0, []
    for word in words.split("."):
        number += word == "*"
        made.append(f"{{{{wildcard({number})}}}}" if word == "*" else word)
    return ".".join(made)
