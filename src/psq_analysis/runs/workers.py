"""The same work on many items: one after the other here, or at once in the processes of Dask, on this machine or on others.

Dask is imported when it is asked for. It starts a task again when the process that had it is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

from psq_analysis.runs.run import RunError

Result = TypeVar("Result")
LOST = (
    50  # processes a task may lose before it is given up: a machine that comes and goes is no reason to stop
)


def each(
    work: Callable[..., Result], items: Sequence[tuple[Any, ...]], *, jobs: int = 1, cluster: str = ""
) -> Iterator[tuple[int, Result]]:
    """Yield the rank and the result of ``work`` for each item (its arguments), as they come.

    >>> sorted(each(max, [(1, 2), (4, 3)]))
    [(0, 2), (1, 4)]
    """
    if jobs == 1 and not cluster:
        for rank, item in enumerate(items):
            yield rank, work(*item)
        return
    try:
        import dask  # noqa: PLC0415
        from distributed import Client, LocalCluster, as_completed  # noqa: PLC0415
    except ImportError:
        raise RunError(
            'Plusieurs rapports à la fois demandent Dask : installez-le (pip install "psq-analysis[cluster]"), ou ôtez --jobs et --cluster.'
        ) from None
    settings = {"distributed.scheduler.allowed-failures": LOST, "distributed.logging.distributed": "critical"}
    with ExitStack() as until_done:
        until_done.enter_context(dask.config.set(settings))
        own = (
            None
            if cluster
            else until_done.enter_context(
                LocalCluster(n_workers=min(jobs, len(items)), threads_per_worker=1, dashboard_address=":0")
            )
        )
        try:
            client = until_done.enter_context(Client(own or cluster))
        except OSError:
            raise RunError(
                f"Aucun ordonnanceur Dask ne répond à l'adresse {cluster} : vérifiez-la et relancez."
            ) from None
        ranks = {client.submit(work, *item, pure=False): rank for rank, item in enumerate(items)}
        for future in as_completed(ranks):
            yield ranks[future], future.result()
