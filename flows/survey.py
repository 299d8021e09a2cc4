"""Sources and a plan in, every input in its window or counted as outside out.

Each source is listed once, whatever the number of windows. The date is the one that the source states for the item:
published, else listed. Where it states none (a text file), the item is loaded and extracted for the date it holds;
the ledger keeps what was made, and its window's run goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

from flows import pipeline
from flows.pipeline import LIST_CHUNK, Tools
from flows.watch import Watch
from flows.windows import Outside, Plan, Window, place
from ingest import store, windows
from ingest.article import Article, Ref, Source, Unread
from ingest.database import reading, writing
from ingest.records import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Where the inputs are: ``listed`` is the sum of all the others.

    Attributes:
        listed: how many items the sources gave.
        inside: for each key of a window, how many inputs it holds.
        outside: how many are in no window, and why.
        unread: how many gave no document to take a date from; the ledger says why.
    """

    listed: int
    inside: Mapping[str, int]
    outside: Mapping[Outside, int]
    unread: int


class Sorter:
    """Puts inputs into windows. ``keys`` names each window (and ``undated``, where those are taken) in the ledger."""

    def __init__(self, tools: Tools, plan: Plan, keys: Mapping[Window | Outside, str]) -> None:
        self._engine = tools.ledger.engine
        self._plan = plan
        self._keys = keys
        self.inside = dict.fromkeys(keys.values(), 0)
        self.outside = dict.fromkeys(Outside, 0)

    def where(self, stated: str | None) -> Window | Outside:
        """The place of a date."""
        return place(stated, self._plan)

    def sort(self, found: Iterable[tuple[Ref, Window | Outside]]) -> None:
        """Take inputs down in their windows, and count them."""
        members = []
        for ref, spot in found:
            key = self._keys.get(spot)
            if key is not None:
                self.inside[key] += 1
                members.append((key, ref))
            elif isinstance(spot, Outside):
                self.outside[spot] += 1
        with writing(self._engine, "cannot take down what a window holds") as connection:
            windows.assign(connection, members)


def survey(
    tools: Tools, sources: Iterable[Source], plan: Plan, keys: Mapping[Window | Outside, str], watch: Watch
) -> Survey:
    """List all sources, and sort what they give."""
    with writing(tools.ledger.engine, "cannot empty the windows") as connection:
        windows.forget_members(connection, list(keys.values()))
    sorter = Sorter(tools, plan, keys)
    watch.stage("listing", None)
    listed = {key for source in sources for key in _list(tools, source, sorter, watch)}
    _look(tools, sorter, watch)
    dated = sum(sorter.inside.values()) + sum(sorter.outside.values())
    return Survey(listed=len(listed), inside=sorter.inside, outside=sorter.outside, unread=len(listed) - dated)


def _list(tools: Tools, source: Source, sorter: Sorter, watch: Watch) -> set[str]:
    keys: set[str] = set()
    items = iter(source.discover())
    while chunk := list(islice(items, LIST_CHUNK)):
        fresh = [item for item in chunk if item.input_id not in keys]
        keys.update(item.input_id for item in fresh)
        watch.advance(len(chunk))
        places = {ref.input_id: sorter.where(ref.hints.published or ref.listed_at) for ref in _refs(fresh)}
        told = [(ref, places[ref.input_id]) for ref in _refs(fresh) if places[ref.input_id] is not Outside.UNDATED]
        sorter.sort(told)
        tools.ledger.list_items(
            [item for item in fresh if isinstance(item, Unread) or places[item.input_id] is Outside.UNDATED]
        )
    if note := getattr(source, "note", lambda: None)():
        watch.say(note)
    return keys


def _refs(items: Iterable[Ref | Unread]) -> list[Ref]:
    return [item for item in items if isinstance(item, Ref)]


def _look(tools: Tools, sorter: Sorter, watch: Watch) -> None:
    """Load and extract what states no date, and sort it by the date it holds."""
    watch.stage("looking at dates", None)
    pipeline.together(tools, watch, "load", partial(pipeline.load_batch, tools))
    pipeline.together(tools, watch, "extract", partial(_extract_aside, tools))
    _aside(tools)
    with reading(tools.ledger.engine, "cannot ask for dates") as connection:
        looked = list(windows.looked_at(connection, tools.ledger))
        for begin in range(0, len(looked), LIST_CHUNK):
            chunk = looked[begin : begin + LIST_CHUNK]
            articles = store.get(connection, [item.article for item in chunk if item.article])
            dated = {key: decode(data, Article).published for key, data in articles.items()}
            sorter.sort((item.ref, sorter.where(dated.get(item.article or ""))) for item in chunk)


def _extract_aside(tools: Tools) -> int:
    done = pipeline.extract_batch(tools)
    _aside(tools)  # at once: another run may be looking for work
    return done


def _aside(tools: Tools) -> None:
    with writing(tools.ledger.engine, "cannot set documents aside") as connection:
        windows.set_aside(connection, tools.ledger)
