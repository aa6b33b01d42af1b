"""A worker process: the application of `served`, on the broker that the environment names."""

import os

import vivace.kit.channels.subscription
from tests.kit.channels.served import application
from vivace.kit.channels import Channels

vivace.kit.channels.subscription.GRACE = 0.2
app = application(Channels.from_url(os.environ["CHANNELS_URL"], presence_ttl=1), presence=True)
