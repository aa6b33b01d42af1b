"""`import fastapi` means Vivace in this process and in every one that it starts.

On PYTHONPATH of the test processes only; Python imports it by itself. `-p vivace.as_fastapi` would not reach what
tests start.
"""

import vivace.as_fastapi  # noqa: F401 - the import redirects
