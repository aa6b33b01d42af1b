"""A small asynchronous key-value store with three backends; the rest of the kit stands on it.

```python
from vivace.kit.store import Store

store = Store.from_url("memory://")  # or "sqlite:///app.db", or "redis://localhost:6379/0"
```
"""

from vivace.kit.store.errors import CounterError as CounterError
from vivace.kit.store.errors import LockLost as LockLost
from vivace.kit.store.errors import LockTimeout as LockTimeout
from vivace.kit.store.errors import StoreError as StoreError
from vivace.kit.store.errors import StoreUnavailable as StoreUnavailable
from vivace.kit.store.errors import ValueTooLarge as ValueTooLarge
from vivace.kit.store.lock import Lock as Lock
from vivace.kit.store.step import Entry as Entry
from vivace.kit.store.step import Outcome as Outcome
from vivace.kit.store.step import Step as Step
from vivace.kit.store.step import Tally as Tally
from vivace.kit.store.store import Store as Store
from vivace.kit.store.watch import Watch as Watch
