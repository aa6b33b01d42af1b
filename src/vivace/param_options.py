"""What can be said about a parameter: the one list behind `Query`, `Path`, `Header`, `Cookie`, `Body`, `Form`, `File`.

`vivace.params` (the classes) and `vivace.param_functions` (the functions that users call) take these options as
`**options: Unpack[...]`, so that editors and type checkers show each one. A wrapper of your own can do the same:

```python
def PageSize(default: int = 20, **options: Unpack[ParamOptions]) -> Any:
    return Query(default, **options)
```

An option that isn't given is absent, which is not the same as given as None.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypedDict

from annotated_doc import Doc
from pydantic import AliasChoices, AliasPath, Discriminator
from typing_extensions import deprecated as Deprecated  # noqa: N812  # one of the options is called `deprecated`

from vivace.openapi.models import Example


class ParamOptions(TypedDict, total=False):
    """The options of every kind of parameter."""

    default_factory: Annotated[Callable[[], Any] | None, Doc("Makes the default anew for each request.")]
    alias: Annotated[str | None, Doc("The name in the request, where it can't be (or isn't) the Python name.")]
    alias_priority: Annotated[int | None, Doc("Who wins against an alias generator: 2 the alias, 1 the generator.")]
    validation_alias: Annotated[
        str | AliasPath | AliasChoices | None, Doc("The name in the request, where it differs from `alias`.")
    ]
    serialization_alias: Annotated[str | None, Doc("The name in what is sent, where it differs from `alias`.")]
    title: Annotated[str | None, Doc("A human's name for it, shown in the documentation.")]
    description: Annotated[str | None, Doc("What it is for, shown in the documentation. CommonMark.")]
    gt: Annotated[float | None, Doc("The value must be greater than this.")]
    ge: Annotated[float | None, Doc("The value must be greater than or equal to this.")]
    lt: Annotated[float | None, Doc("The value must be less than this.")]
    le: Annotated[float | None, Doc("The value must be less than or equal to this.")]
    min_length: Annotated[int | None, Doc("Characters of a string, or items of a collection, at least.")]
    max_length: Annotated[int | None, Doc("Characters of a string, or items of a collection, at most.")]
    pattern: Annotated[str | re.Pattern[str] | None, Doc("A regular expression that is found in the string.")]
    regex: Annotated[str | None, Doc("The old name of `pattern`."), Deprecated("Use `pattern` instead.")]
    discriminator: Annotated[
        str | Discriminator | None, Doc("The field by whose value one member of a tagged union is chosen.")
    ]
    strict: Annotated[bool | None, Doc('Refuse to convert: "1" is then not an int.')]
    validate_default: Annotated[bool | None, Doc("Validate the default, too.")]
    union_mode: Annotated[
        Literal["smart", "left_to_right"] | None, Doc("Choose the best match of a union, or the first.")
    ]
    fail_fast: Annotated[bool | None, Doc("Stop at a collection's first bad item.")]
    multiple_of: Annotated[float | None, Doc("The value must be a multiple of this.")]
    allow_inf_nan: Annotated[bool | None, Doc("Whether `inf`, `-inf` and `nan` are numbers here.")]
    max_digits: Annotated[int | None, Doc("Digits of a Decimal at most, without leading and trailing zeros.")]
    decimal_places: Annotated[int | None, Doc("Digits after the decimal point at most, without trailing zeros.")]
    examples: Annotated[list[Any] | None, Doc("Example values, as JSON Schema has them: a list.")]
    example: Annotated[
        Any | None, Doc("One example, from before JSON Schema had a list of them."), Deprecated("Use `examples`.")
    ]
    openapi_examples: Annotated[
        dict[str, Example] | None, Doc("Named examples, as OpenAPI has them: the documentation offers a choice.")
    ]
    deprecated: Annotated[Deprecated | str | bool | None, Doc("Mark as deprecated in the documentation.")]
    include_in_schema: Annotated[bool, Doc("Show it in the OpenAPI document. True, if not given.")]
    json_schema_extra: Annotated[
        dict[str, Any] | Callable[[dict[str, Any]], None] | None,
        Doc("What to add to the JSON Schema: a dict, or a function that changes the schema in place."),
    ]


class FieldOptions(ParamOptions, total=False):
    """What the classes of `vivace.params` take in addition."""

    annotation: Annotated[Any | None, Doc("The type, where there is no signature to read it from.")]
