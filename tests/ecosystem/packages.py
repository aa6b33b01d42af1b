"""The packages: which versions, which of their tests, what is left out and why.

They are chosen among those that extend FastAPI, run on today's FastAPI, and ship their tests. What their tests need is
in requirements.txt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Package:
    """A package on PyPI, and how its own tests are run."""

    name: str
    version: str
    sha256: str  # of the source distribution
    reaches: str  # what of FastAPI it leans on beyond the documented face
    tests: tuple[str, ...] = ("tests/*",)  # globs over the paths of test files
    left_out: Mapping[str, str] = field(default_factory=dict)  # globs over the same -> why
    options: tuple[str, ...] = ()  # to pytest
    extras: str = ""

    @property
    def pin(self) -> str:
        """The requirement that pip installs."""
        return f"{self.name}{self.extras}=={self.version}"


_REAL_SERVER = "starts servers in child processes for coverage to follow, and fails on FastAPI too"
_DATABASES = "needs PostgreSQL, MongoDB, Cassandra and Firestore servers"
_NO_DATABASE = tuple(f"--{name}-dsn=none" for name in ("postgres", "mongodb", "cassandra", "firestore"))

PACKAGES = (
    Package(
        "dishka",
        "1.10.1",
        "51fb624b9acc948b90f57128460061d1f3a1780121fe1c7d14c565e8bbff2083",
        "its own route class",
        tests=("tests/integrations/fastapi/*", "tests/integrations/starlette/*", "tests/integrations/base/*"),
    ),
    Package(
        "fastapi-azure-auth",
        "5.3.0",
        "096934a99110509f47f55d59c2b8bfa3d9ee496bb341abc27eaae801afa9570f",
        "security schemes of its own, their OpenAPI",
        options=("--allow-hosts=localhost,127.0.0.1,::1", "-p", "pytest_httpx2"),
    ),
    Package(
        "fastapi-jsonrpc",
        "4.1.0",
        "28671b9a2fe232e2b1a06aedc172fea543ddcb3d0aeb0fd08ebaed1415c416e8",
        "dependants built and solved by hand, routes and routers of its own, OpenAPI",
    ),
    Package(
        "fastapi-mcp",
        "0.4.0",
        "d4ca9410996f4c7b8ea0d7b20fdf79878dc359ebf89cbf3b222e0b675a55097d",
        "the OpenAPI document, read back",
        left_out={"tests/test_*_real_transport.py": _REAL_SERVER},
    ),
    Package(
        "fastapi-pagination",
        "0.16.1",
        "c43a4286f7dd4c25501da7f5ae84a89172d3c5f3c4a93b4bc8c6639ed754d11d",
        "routes replaced after they were declared, dependants",
        left_out={"tests/ext/*": _DATABASES},
        options=_NO_DATABASE,
    ),
    Package(
        "fastapi-problem",
        "0.12.1",
        "ef8ae98d88b1889820474b5659c455cca785f09aeda7d51b46a3599720aeebe6",
        "exception handlers, OpenAPI of errors",
    ),
    Package(
        "fastapi-users",
        "15.0.5",
        "097f69701894e650c346df89b1cdb0a09cf139234f4cb9a8ece275af4e98e202",
        "dependencies with signatures made at run time, forms, OpenAPI",
        extras="[oauth,redis]",
    ),
    Package(
        "sentry-sdk",
        "2.75.0",
        "c38ac2d4b2435c11da821e173bb9d9088c98f41ae92f559ce0e424170a8e1a29",
        "`get_request_handler`, dependants, middleware classes and the application's `__call__`, all replaced",
        tests=("tests/integrations/fastapi/*", "tests/integrations/starlette/*"),
    ),
    Package(
        "svcs",
        "26.2.0",
        "129efb89586c2c52295ee00b00562af7d85d5535dad149534993e25fccbd76a6",
        "lifespan and `request.state`",
        tests=("tests/integrations/test_fastapi.py", "tests/integrations/test_starlette.py"),
    ),
    Package(
        "wireup",
        "2.13.0",
        "c71205d0b159a7316c8e52021b12e1a87d6fd8518e8ae57e5743bbfae56caca7",
        "the calls of dependants replaced, effective routes, copied routers",
        tests=("test/integration/fastapi/*", "test/integration/starlette/*", "test/integration/asgi/*"),
    ),
)
