"""Built frontends beside an API: `app.frontend` and `router.frontend`, with every kind of fallback."""

from tests.differential.case import get, request
from tests.differential.programs.mounts import FOLDER


def build(f):
    app = f.FastAPI()
    folder = FOLDER / "static"

    @app.get("/front/api")
    def api(n: int = 1):
        return n

    app.frontend("/front", directory=folder)
    app.frontend("/spa", directory=folder, fallback="index.html")
    app.frontend("/own-404", directory=folder, fallback="404.html")
    app.frontend("/none", directory=folder, fallback=None)
    app.frontend("/later", directory=FOLDER / "not made yet", check_dir=False)

    router = f.APIRouter()
    router.frontend("/inner", directory=folder, fallback="index.html")
    app.include_router(router, prefix="/app")

    @app.get("/spa/api")
    def declared_later():
        return "an operation wins over the files"

    return app


_TAILS = (
    "",
    "/",
    "/a.txt",
    "/index.html",
    "/deep/b.css",
    "/missing",
    "/deep/missing.css",
    "/api",
    "/api/",
    "/%2e%2e/x",
)
_PREFIXES = ("/front", "/spa", "/own-404", "/none", "/later", "/app/inner")
_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate"}

CASES = [
    *(get(f"{prefix}{tail}") for prefix in _PREFIXES for tail in _TAILS),
    *(get(f"{prefix}{tail}", _BROWSER, note="navigation") for prefix in _PREFIXES for tail in ("", "/", "/missing")),
    *(
        get(f"{prefix}/missing", {"accept": accept}, note=accept)
        for prefix in _PREFIXES
        for accept in ("application/json", "text/*")
    ),
    *(
        request(method, f"{prefix}{tail}")
        for method in ("HEAD", "POST", "OPTIONS")
        for prefix in _PREFIXES
        for tail in ("/a.txt", "/missing")
    ),
    get("/spa/a.txt", {"if-none-match": "*", "range": "bytes=0-1"}),
    get("/app"),
    get("/front/api?n=x"),
]
