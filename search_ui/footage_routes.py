"""Pictures and footage over HTTP. Addresses hold ids only; the library says which file an id stands for."""

import mimetypes
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from indexer.domain import SegmentId, VideoId
from indexer.errors import MediaError, ShotlistError
from search_ui.library_access import OpenLibrary, ReadableLibrary

ROOT = "/footage"
_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def keyframe_address(segment: SegmentId) -> str:
    return f"{ROOT}/keyframe/{segment}.jpg"


def video_address(video: VideoId) -> str:
    return f"{ROOT}/video/{video}"


def clip_address(segment: SegmentId) -> str:
    return f"{ROOT}/clip/{segment}.mp4"


def footage_routes(open_library: OpenLibrary) -> list[Route]:
    """Routes answer HEAD and byte ranges; an unknown id, or a file that cannot be read now, is 404 with a sentence."""

    def keyframe(library: ReadableLibrary, request: Request) -> Response:
        return _file(library.keyframe(SegmentId(request.path_params["segment"])), kind="image/jpeg")

    def video(library: ReadableLibrary, request: Request) -> Response:
        path = library.video(VideoId(request.path_params["video"])).path
        if path is None:
            return PlainTextResponse("no file of this video can be read now; connect its disk", 404, _HEADERS)
        return _file(path, kind=mimetypes.guess_type(path.name)[0] or "application/octet-stream")

    def clip(library: ReadableLibrary, request: Request) -> Response:
        segment = library.segment(SegmentId(request.path_params["segment"]))
        if segment.end_us is None:
            return PlainTextResponse("this moment has no end yet, so no clip can be cut", 404, _HEADERS)
        return _file(library.clip(segment.id), kind="video/mp4")

    return [
        Route(f"{ROOT}/keyframe/{{segment}}.jpg", _answering(open_library, keyframe)),
        Route(f"{ROOT}/video/{{video}}", _answering(open_library, video)),
        Route(f"{ROOT}/clip/{{segment}}.mp4", _answering(open_library, clip)),
        Route(f"{ROOT}/{{rest:path}}", _nothing),  # Streamlit would answer its page, status 200, to any other address
    ]


def _answering(
    open_library: OpenLibrary, answer: Callable[[ReadableLibrary, Request], Response]
) -> Callable[[Request], Response]:
    """An endpoint; a plain function, so that it runs on a thread and a slow cut holds nobody else up."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(open_library(), request)
        except MediaError as error:
            return PlainTextResponse(error.message, 422, _HEADERS)
        except ShotlistError as error:
            return PlainTextResponse(str(error), 404, _HEADERS)

    return endpoint


def _nothing(_request: Request) -> Response:
    return PlainTextResponse("there is nothing here", 404, _HEADERS)


def _file(path: Path, *, kind: str) -> Response:
    if not path.is_file():
        return PlainTextResponse("the file is not where it was", 404, _HEADERS)
    return FileResponse(path, media_type=kind, headers=_HEADERS)
