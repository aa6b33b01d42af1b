"""`import fastapi` means Vivace in this process and in every one that it starts.

On PYTHONPATH of the test processes only; Python imports it by itself. `-p vivace.as_fastapi` would not reach what
tests start.
"""

import importlib.util
import sys


class Redirect:
    """Lets `vivace.as_fastapi` take over when fastapi is first asked for.

    Not before: a process that never imports it is to be left as it is, and pytest complains when a plugin has been
    imported ahead of it (logfire is one of its plugins, and of pydantic's).
    """

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != "fastapi":
            return None
        self.hand_over()
        return importlib.util.find_spec(name)

    def find_distributions(self, context):
        """What `importlib.metadata` asks; the finder that takes over is asked after this one."""
        if (context.name or "").lower() == "fastapi":
            self.hand_over()
            return sys.meta_path[0].find_distributions(context)
        return ()

    def hand_over(self):
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            import vivace.as_fastapi  # noqa: F401 - the import redirects


sys.meta_path.insert(0, Redirect())
