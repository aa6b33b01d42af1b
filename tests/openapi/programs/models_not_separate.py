"""The same models, with one schema for both directions."""

from tests.openapi.programs import models


def build(f):
    return models.build(f, separate=False)
