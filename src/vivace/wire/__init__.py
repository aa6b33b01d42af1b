"""Serve: HTTP/1.1 from bytes to bytes. The wire door, as uvicorn's HTTP protocol class.

```python
uvicorn.run(app, http=vivace.wire.WireProtocol)  # what `vivace run` does
```
"""

from vivace.wire.protocol import WireProtocol

__all__ = ["WireProtocol"]
