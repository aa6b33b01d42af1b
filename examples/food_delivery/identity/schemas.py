"""What goes over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.identity.models import Role

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]


class Registration(BaseModel):
    email: Annotated[EmailStr, Field(max_length=254)]
    name: Name
    password: Annotated[str, Field(min_length=8, max_length=128)]
    x: Annotated[int, Field(ge=0, le=CITY.width, description="Where you live: the street from west to east")] = 0
    y: Annotated[int, Field(ge=0, le=CITY.height, description="The street from north to south")] = 0


class Account(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    name: str
    role: Role
    x: int
    y: int
