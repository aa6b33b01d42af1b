"""Middleware: Starlette's, under the names that FastAPI gives them."""

from starlette.middleware import Middleware as Middleware
