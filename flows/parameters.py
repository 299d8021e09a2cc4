"""A request in, plain flow parameters without secrets out (and back)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from flows.job import Request
from flows.settings import PREFIX, Settings
from ingest.errors import UsageError
from ingest.records import encode, plain
from ingest.redact import redacted
from ingest.sources.recognise import portable

STATE_VARIABLE = PREFIX + "STATE"


def to_parameters(request: Request, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The request as a server may store and show it: absolute places, no passwords.

    A state URL goes without its password; whoever runs the flow has it in ``NEWSGLOSS_STATE``.

    Raises:
        UsageError: a source or the settings hold a password or token; the state's is not in the environment.
    """
    env = os.environ if environment is None else environment
    settings = request.settings
    if redacted(fetch := encode(settings.fetch).decode()) != fetch:
        raise UsageError("[fetch] holds a password, which cannot be a flow's parameter", hint="use --no-prefect")
    settings = replace(
        settings,
        output=str(settings.output_folder),
        state=None if settings.state is None else _state(settings.state, env),
        models=None if settings.models is None else _absolute(settings.models),
        glossary=None if settings.glossary is None else _absolute(settings.glossary),
    )
    body: dict[str, Any] = {"settings": plain(settings), "sources": [_source(text) for text in request.sources]}
    return body | ({"reprocess": request.reprocess} if request.reprocess else {})


def to_request(
    settings: Mapping[str, Any],
    sources: Sequence[str],
    reprocess: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Request:
    """The request behind the parameters.

    Raises:
        UsageError: the settings are none of ours, or the state's password is not in the environment.
    """
    env = os.environ if environment is None else environment
    try:
        made = msgspec.convert(dict(settings), Settings)
    except msgspec.ValidationError as error:
        raise UsageError(f"settings: {error}") from error
    if made.state is not None and _secretless(made.state) != made.state:
        raise UsageError("settings: a flow's parameters must hold no password", hint=f"set {STATE_VARIABLE}")
    if made.state is not None and "://" in made.state:
        given = env.get(STATE_VARIABLE, "")
        if _secretless(given) == made.state:
            made = replace(made, state=given)
    return Request(settings=made, sources=tuple(sources), reprocess=reprocess)


def _state(place: str, env: Mapping[str, str]) -> str:
    if "://" not in place:
        return _absolute(place)
    bare = _secretless(place)
    if bare != place and env.get(STATE_VARIABLE) != place:
        raise UsageError(
            "a state with a password cannot be a flow's parameter", hint=f"give it in {STATE_VARIABLE} instead"
        )
    return bare


def _source(text: str) -> str:
    if redacted(text) != text:
        raise UsageError(
            f"{redacted(text)}: a source with a password or token cannot be a flow's parameter",
            hint="Prefect stores and shows parameters: use --no-prefect, or keep the secret in sources.toml",
        )
    return portable(text)


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links stay as the user named them


def _secretless(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    _, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{parts.username}@{host}" if parts.username else host).geturl()
