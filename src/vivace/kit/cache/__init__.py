"""Caching of answers and of functions' results, on any store.

```python
from vivace import FastAPI
from vivace.kit.cache import Cache, KitRoute
from vivace.kit.store import Store

app = FastAPI()
app.router.route_class = KitRoute
cache = Cache(Store.from_url("memory://"))


@app.get("/report")
@cache(ttl=60)
async def report(): ...
```
"""

from vivace.kit.cache.cache import Cache as Cache
from vivace.kit.cache.flight import CacheUnavailable as CacheUnavailable
from vivace.kit.route import KitRoute as KitRoute
