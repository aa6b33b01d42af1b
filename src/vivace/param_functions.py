"""What users write in a signature: `Query(...)`, `Depends(...)` and the like, typed as the parameter's own value.

Each returns the marker of the same name from `vivace.params`; `Any` as return type lets a marker stand as the default
of a parameter of any type. The options are listed once, in `vivace.param_options`.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Unpack

from annotated_doc import Doc
from pydantic_core import PydanticUndefined as Undefined

from vivace import params
from vivace.keywords import only, spelled_out
from vivace.param_options import ParamOptions

Default = Annotated[Any, Doc("The value where the request has none. Without it, the parameter is required.")]
MediaType = Annotated[str, Doc("The `Content-Type` that the OpenAPI document asks for. Bodies are read as before.")]


@spelled_out(ParamOptions)
def Path(
    default: Annotated[Any, Doc("Only `...`: a path without this part would be another path.")] = ...,
    **options: Unpack[ParamOptions],
) -> Any:
    """A part of the URL path, such as `item_id` in `/items/{item_id}`."""
    return params.Path(default, **only(ParamOptions, options, "Path"))


@spelled_out(ParamOptions)
def Query(default: Default = Undefined, **options: Unpack[ParamOptions]) -> Any:
    """A parameter from the query string, such as `q` in `/items?q=red`."""
    return params.Query(default, **only(ParamOptions, options, "Query"))


@spelled_out(ParamOptions)
def Header(
    default: Default = Undefined,
    *,
    convert_underscores: Annotated[bool, Doc("Read `x_token` from the header `x-token`.")] = True,
    **options: Unpack[ParamOptions],
) -> Any:
    """A request header. Names are compared without regard to case."""
    return params.Header(default, convert_underscores=convert_underscores, **only(ParamOptions, options, "Header"))


@spelled_out(ParamOptions)
def Cookie(default: Default = Undefined, **options: Unpack[ParamOptions]) -> Any:
    """A cookie of the request."""
    return params.Cookie(default, **only(ParamOptions, options, "Cookie"))


@spelled_out(ParamOptions)
def Body(
    default: Default = Undefined,
    *,
    embed: Annotated[
        bool | None,
        Doc(
            "Expect an object with this parameter as a key, also where it is the only one. None: where there are more."
        ),
    ] = None,
    media_type: MediaType = "application/json",
    **options: Unpack[ParamOptions],
) -> Any:
    """The JSON body, or one key of it."""
    return params.Body(default, embed=embed, media_type=media_type, **only(ParamOptions, options, "Body"))


@spelled_out(ParamOptions)
def Form(
    default: Default = Undefined,
    *,
    media_type: MediaType = "application/x-www-form-urlencoded",
    **options: Unpack[ParamOptions],
) -> Any:
    """A field of a form."""
    return params.Form(default, media_type=media_type, **only(ParamOptions, options, "Form"))


@spelled_out(ParamOptions)
def File(
    default: Default = Undefined,
    *,
    media_type: MediaType = "multipart/form-data",
    **options: Unpack[ParamOptions],
) -> Any:
    """A file of a form, as `bytes` or as `UploadFile`."""
    return params.File(default, media_type=media_type, **only(ParamOptions, options, "File"))


Dependency = Annotated[
    Callable[..., Any] | None, Doc("Called with parameters of its own. None: the parameter's type is called.")
]
UseCache = Annotated[bool, Doc("Call it once per request and share the result. False: call it for each use.")]


def Depends(
    dependency: Dependency = None,
    *,
    use_cache: UseCache = True,
    scope: Annotated[
        params.DependencyScope | None,
        Doc('When a dependency with `yield` ends: "function", before the response is sent; "request", after it.'),
    ] = None,
    max_concurrency: Annotated[
        int | None,
        Doc("How many uses of this declaration, over all routes that share it, may be live at once. Others wait."),
    ] = None,
) -> Any:
    """A parameter that another callable provides: a function, a class, or a generator that also cleans up.

    ```python
    async def session() -> AsyncIterator[Session]:
        async with Session() as s:
            yield s


    @app.get("/items")
    async def items(session: Annotated[Session, Depends(session)]): ...
    ```
    """
    return params.Depends(dependency, use_cache=use_cache, scope=scope, max_concurrency=max_concurrency)


def Security(
    dependency: Dependency = None,
    *,
    scopes: Annotated[
        Sequence[str] | None, Doc("OAuth2 scopes asked for here; `SecurityScopes` collects them down the dependencies.")
    ] = None,
    use_cache: UseCache = True,
) -> Any:
    """`Depends`, with OAuth2 scopes, which the OpenAPI document shows."""
    return params.Security(dependency, scopes=scopes, use_cache=use_cache)
