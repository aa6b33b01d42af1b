"""The program of `mounts`, behind a proxy that strips a prefix, and one that does not."""

import dataclasses

from tests.differential.programs import mounts

CLIENT = {"root_path": "/proxied"}

build = mounts.build

CASES = [
    *(dataclasses.replace(case, url=f"/proxied{case.url}") for case in mounts.CASES),
    *mounts.CASES[:8],
]
