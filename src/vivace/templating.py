"""Starlette's templates, which need `jinja2`."""

from starlette.templating import Jinja2Templates as Jinja2Templates
