"""The OpenAPI document of an application, and the pages that show it.

`utils.get_openapi` makes the document, `docs` the pages' HTML, `pages` the routes of both; `models` is the
specification as Pydantic models.
"""
