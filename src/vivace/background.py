"""Work for after the response."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, ParamSpec

from annotated_doc import Doc
from starlette.background import BackgroundTasks as StarletteBackgroundTasks

from vivace.telemetry.observer import current_observer

P = ParamSpec("P")


class BackgroundTasks(StarletteBackgroundTasks):
    """Functions that run in this process, one after the other, once the response has been sent.

    ```python
    @app.post("/orders")
    async def order(order: Order, tasks: BackgroundTasks) -> Receipt:
        tasks.add_task(send_mail, order.email)
        return Receipt(order)
    ```

    The first one that raises ends the series. Work that must not be lost belongs in a job queue.
    """

    def add_task(
        self,
        func: Annotated[Callable[P, Any], Doc("An `async def` is awaited, a plain `def` runs in a worker thread.")],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Add a call to the end of the series."""
        super().add_task(func, *args, **kwargs)

    async def __call__(self) -> None:
        observer = current_observer()
        for task in self.tasks:
            with observer.working(task.func):
                await task()
