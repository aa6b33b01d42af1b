"""Limits: how often, how many at once, and the same thing once.

```python
from vivace import Depends, FastAPI
from vivace.kit.limits import Limits
from vivace.kit.store import Store

limits = Limits(Store.from_url("memory://"))
app = FastAPI(dependencies=[Depends(limits.rate("100/minute"))])
```
"""

from vivace.kit.limits.by import address as address
from vivace.kit.limits.by import everybody as everybody
from vivace.kit.limits.by import header as header
from vivace.kit.limits.by import route as route
from vivace.kit.limits.by import together as together
from vivace.kit.limits.limits import Limits as Limits
from vivace.kit.limits.rate import Rate as Rate
from vivace.kit.route import KitRoute as KitRoute
