"""Channels: publish and subscribe for server-sent events and WebSockets, in one process or many.

```python
from vivace.kit.channels import Channels

channels = Channels.from_url("memory://")  # or "redis://localhost:6379/0", or "nats://localhost:4222"
orders = channels.channel("orders:{order_id}", dict[str, str])
```

The way of a message: `channel` checks it, a `backend` puts it into the topic's log and tells each process that listens,
whose `hub` hands it to the topic's `feed`, which puts it into the queue of each `subscription`; `sse` and `live` write
it to clients.
"""

from vivace.kit.channels.channel import Channel as Channel
from vivace.kit.channels.channels import Channels as Channels
from vivace.kit.channels.errors import ChannelsError as ChannelsError
from vivace.kit.channels.errors import ChannelsUnavailable as ChannelsUnavailable
from vivace.kit.channels.errors import MessageTooLarge as MessageTooLarge
from vivace.kit.channels.errors import NotAllowed as NotAllowed
from vivace.kit.channels.errors import SlowSubscriber as SlowSubscriber
from vivace.kit.channels.events import Event as Event
from vivace.kit.channels.events import Gap as Gap
from vivace.kit.channels.events import Here as Here
from vivace.kit.channels.events import Joined as Joined
from vivace.kit.channels.events import Left as Left
from vivace.kit.channels.events import Message as Message
from vivace.kit.channels.subscription import Subscription as Subscription
