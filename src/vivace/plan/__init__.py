"""Compile: a path operation becomes a `Plan`, one flat function from an exchange to its answer."""

from vivace.plan.plan import Plan, compile_plan

__all__ = ["Plan", "compile_plan"]
