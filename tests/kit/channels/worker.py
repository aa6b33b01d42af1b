"""A worker process: the application of `served`, on the broker that the environment names."""

import os

from tests.kit.channels.served import application
from vivace.kit.channels import Channels

app = application(Channels.from_url(os.environ["CHANNELS_URL"], presence_ttl=1), presence=True, queue=200)
