"""Sub-applications, static files, templates, WSGI."""

import tempfile
from pathlib import Path

from tests.differential.case import get, request, sub

FOLDER = Path(tempfile.mkdtemp(prefix="differential-"))
for _name, _text in {
    "static/a.txt": "static a",
    "static/index.html": "<h1>index",
    "static/deep/b.css": "b {}",
    "static/404.html": "own 404",
    "templates/page.html": "Hello {{ name }}: {{ url_for('item', n=1) }} {{ request.url.path }}\n",
}.items():
    (FOLDER / _name).parent.mkdir(parents=True, exist_ok=True)
    (FOLDER / _name).write_text(_text)


def _wsgi(environ, start_response):
    start_response("200 OK", [("content-type", "text/plain"), ("x-path", environ["PATH_INFO"])])
    return [environ["SCRIPT_NAME"].encode()]


def build(f):
    app = f.FastAPI(servers=[{"url": "https://a.example"}], root_path_in_servers=True)
    static = sub(f, "staticfiles").StaticFiles
    templates = sub(f, "templating").Jinja2Templates(directory=FOLDER / "templates")

    @app.get("/paths")
    def paths(request: f.Request):
        return [request.scope["root_path"], request.scope["path"], str(request.url), str(request.base_url)]

    @app.get("/items/{n}")
    def item(n: int, request: f.Request):
        return str(request.url_for("item", n=n))

    @app.get("/page/{name}", response_class=sub(f, "responses").HTMLResponse)
    def page(request: f.Request, name: str):
        return templates.TemplateResponse(request, "page.html", {"name": name}, status_code=203, headers={"x-a": "b"})

    child = f.FastAPI(title="Child")
    app.mount("/rooted", f.FastAPI(root_path="/child-root"))

    @child.get("/paths")
    def child_paths(request: f.Request, n: int = 1):
        return [request.scope["root_path"], request.scope["path"], str(request.url), str(request.base_url), n]

    @child.post("/posted")
    def posted(items: list[int]):
        return items

    app.mount("/child", child)
    app.mount("/parent/{name}", child)
    app.mount("/static", static(directory=FOLDER / "static"), name="static")
    app.mount("/html", static(directory=FOLDER / "static", html=True), name="html")
    app.mount("/wsgi", sub(f, "middleware.wsgi").WSGIMiddleware(_wsgi))
    return app


CASES = [
    *(
        get(path)
        for path in (
            "/paths /items/1 /items/x /page/you /page/%3Cb%3E /child /child/ /child/paths /child/paths/ /child/paths?n=x "
            "/child/openapi.json /child/nowhere /rooted/openapi.json /child-root/openapi.json /parent/p/paths "
            "/static/a.txt /static/deep/b.css /static/none /static /static/ /static/../a /static/%2e%2e/x /html /html/ "
            "/html/none /html/index.html /wsgi/a /wsgi /proxied/paths"
        ).split()
    ),
    *(request("HEAD", path) for path in ("/static/a.txt", "/child/paths", "/html/")),
    *(request("POST", path) for path in ("/static/a.txt", "/child/posted")),
    request("POST", "/child/posted", {"content-type": "application/json"}, b"[1]"),
    get("/static/a.txt", {"if-none-match": "*", "range": "bytes=0-1"}),
]
