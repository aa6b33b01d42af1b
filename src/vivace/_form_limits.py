"""A name that type checkers and FastAPI's own tests know."""

from vivace.body_limits import FormLimits as _FormLimits

__all__ = ["_FormLimits"]
