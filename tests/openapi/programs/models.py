"""Models whose schema differs between input and output, and names that clash."""

import dataclasses
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, computed_field, field_serializer
from pydantic.dataclasses import dataclass as pydantic_dataclass

T = TypeVar("T")


class Sub(BaseModel):
    subname: str
    sub_description: str | None = None
    tags: list[str] = []
    title: int = Field(alias="$ref", default=1)


class Item(BaseModel):
    name: str
    description: str | None = None
    sub: Sub | None = None


class Both(BaseModel):
    same: int


class Rectangle(BaseModel):
    width: int
    length: int

    @computed_field
    @property
    def area(self) -> int:
        """The area."""
        return self.width * self.length


class Serialized(BaseModel):
    n: int

    @field_serializer("n")
    def text(self, value: int) -> str:
        return str(value)


class Cat(BaseModel):
    pet_type: Literal["cat"]
    meows: int = 1


class Dog(BaseModel):
    pet_type: Literal["dog"]
    barks: float


Pet = Annotated[Cat | Dog, Field(discriminator="pet_type")]


def kind_of(value: Any) -> str:
    return "cat"


CallablePet = Annotated[Annotated[Cat, Tag("cat")] | Annotated[Dog, Tag("dog")], Discriminator(kind_of)]


class Owner(BaseModel):
    pet: Pet
    pets: list[Pet] = []


@dataclasses.dataclass
class Plain:
    """A dataclass."""

    name: str
    tags: list[str] = dataclasses.field(default_factory=list)
    other: Optional["Plain"] = None


@pydantic_dataclass
class Checked:
    a: int
    b: str = Field("x", description="B")


class Box(BaseModel, Generic[T]):
    content: T
    note: str = ""


class ReadOnlyDefaults(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)
    a: int = 1


class Aliased(BaseModel):
    a: int = Field(1, alias="inA", serialization_alias="outA")


class Raw(BaseModel):
    data: bytes
    encoded: bytes = b"x"


class RawBase64(BaseModel):
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    data: bytes


def same_name(field_type: Any) -> type[BaseModel]:
    class Clash(BaseModel):
        x: field_type

    return Clash


First, Second = same_name(int), same_name(str)


class Holder:
    class Item(BaseModel):
        nested: bool


def build(f, separate=True):
    app = f.FastAPI(separate_input_output_schemas=separate)

    def both_ways(path: str, model: Any) -> None:
        @app.post(path)
        def operation(value: model) -> model: ...

        @app.get(path)
        def listed() -> list[model]: ...

    both_ways("/item", Item)
    both_ways("/both", Both)
    both_ways("/rectangle", Rectangle)
    both_ways("/serialized", Serialized)
    both_ways("/pet", Pet)
    both_ways("/callable-pet", CallablePet)
    both_ways("/owner", Owner)
    both_ways("/plain", Plain)
    both_ways("/checked", Checked)
    both_ways("/box", Box[Item])
    both_ways("/read-only", ReadOnlyDefaults)
    both_ways("/aliased", Aliased)
    both_ways("/raw", Raw)
    both_ways("/raw64", RawBase64)
    both_ways("/clash1", First)
    both_ways("/clash2", Second)
    both_ways("/nested", Holder.Item)

    @app.post("/discriminated")
    def discriminated(pet: Annotated[Cat | Dog, f.Body(discriminator="pet_type")]): ...

    @app.post("/only-in")
    def only_in(box: Box[Sub]): ...

    @app.get("/only-out")
    def only_out() -> Box[Rectangle]: ...

    @app.post("/embedded")
    def embedded(item: Item, rectangle: Rectangle, pet: Pet) -> Item: ...

    return app
