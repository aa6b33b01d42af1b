"""For administrators."""

from typing import Annotated, Any

from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.reporting.export import as_csv, as_parquet, parquet_writer
from examples.food_delivery.reporting.schemas import Format, Hour, Late, Overview
from examples.food_delivery.reporting.service import COLUMNS, Reports
from vivace import APIRouter, Depends, Query
from vivace.kit.auth import Auth
from vivace.kit.limits import Limits
from vivace.responses import StreamingResponse

_FILE = {"type": "string", "format": "binary"}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"text/csv": {"schema": _FILE}, "application/vnd.apache.parquet": {"schema": _FILE}},
    },
    501: {"description": "Parquet is not installed"},
}


def report_routes(reports: Reports, auth: Auth[User], limits: Limits) -> APIRouter:
    router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[Depends(auth.requires(roles=[Role.ADMIN]))])

    @router.get("/revenue")
    async def revenue(hours: Annotated[int, Query(ge=1, le=24 * 366)] = 24) -> list[Hour]:
        return await reports.revenue(hours)

    @router.get("/late")
    async def late(limit: Annotated[int, Query(ge=1, le=500)] = 50) -> list[Late]:
        return await reports.late(limit)

    @router.get("/overview")
    async def overview() -> Overview:
        return await reports.overview()

    # It reads every order there is: not ten of them at once.
    @router.get(
        "/orders",
        responses=_FILES,
        response_class=StreamingResponse,
        dependencies=[Depends(limits.concurrency(2, lease=600))],
    )
    async def export(format: Format = Format.CSV) -> StreamingResponse:
        if format is Format.PARQUET:
            parquet_writer()  # missing? then say so before the answer begins
            body, media_type = as_parquet(COLUMNS, reports.rows()), "application/vnd.apache.parquet"
        else:
            body, media_type = as_csv(COLUMNS, reports.rows()), "text/csv"
        name = f"attachment; filename=orders.{format}"
        return StreamingResponse(body, media_type=media_type, headers={"Content-Disposition": name})

    return router
