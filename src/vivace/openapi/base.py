"""What all objects of the OpenAPI specification share."""

from pydantic import BaseModel, ConfigDict


class BaseModelWithConfig(BaseModel):  # without a docstring: it would be the description in a JSON schema
    # Extensions (`x-...`) and what later versions of the specification add may stand in any object.
    # Deferred, since building all validators takes longer (60 ms) than the rest of `import vivace.openapi.models`, and
    # a process that never shows its document needs none of them.
    model_config = ConfigDict(extra="allow", defer_build=True)
