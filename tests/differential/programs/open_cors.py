"""CORS wide open, HTTPS redirect on a mounted application, and nothing else."""

from tests.differential.case import get, request, sub


def build(f):
    app = f.FastAPI()
    app.add_middleware(
        sub(f, "middleware.cors").CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
    )

    @app.get("/plain")
    def plain(n: int = 0):
        return n

    secure = f.FastAPI()
    secure.add_middleware(sub(f, "middleware.httpsredirect").HTTPSRedirectMiddleware)
    app.mount("/secure", secure)
    return app


CASES = [
    get("/plain"),
    get("/plain?n=x", {"origin": "http://a"}),
    get("/plain", {"origin": "http://a"}),
    get("/plain", {"origin": "http://a", "cookie": "a=b"}),
    get("/secure/x?y=1"),
    request(
        "OPTIONS",
        "/plain",
        {"origin": "http://a", "access-control-request-method": "PATCH", "access-control-request-headers": "a"},
    ),
]
