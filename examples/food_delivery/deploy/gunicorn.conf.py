"""Several processes on one machine, kept by gunicorn, with Vivace's own protocol. From the repository's root:

    pip install gunicorn uvicorn-worker
    FOOD_SECRET_KEY=... gunicorn -c examples/food_delivery/deploy/gunicorn.conf.py

All workers need the same `FOOD_SECRET_KEY`, and the `FOOD_..._URL`s on PostgreSQL and Redis.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

from uvicorn_worker import UvicornWorker

from examples.food_delivery.logs import json_config
from vivace.wire import WireProtocol

graceful_timeout = 30  # seconds for requests under way


class VivaceWorker(UvicornWorker):
    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        **UvicornWorker.CONFIG_KWARGS,
        "http": WireProtocol,
        "timeout_graceful_shutdown": graceful_timeout - 5,  # ends by itself before gunicorn kills it
    }


wsgi_app = "examples.food_delivery.app:create_app()"
worker_class = VivaceWorker
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

max_requests = 50_000  # whatever grows in a process doesn't grow for ever
max_requests_jitter = 5_000  # and they don't all go at once
timeout = 60  # a worker whose event loop stands still for so long is replaced
keepalive = 75  # longer than nginx keeps its connections
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
preload_app = False  # connections to the database don't survive a fork

if os.environ.get("FOOD_LOG_FORMAT") == "json":
    logconfig_dict = json_config()
