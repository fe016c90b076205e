"""Gradual edits: dissolves, and fades through black, white or a bare colour.

Inside one, each picture is a mixture of one a quarter of a second before and one a quarter of a second after, where
those two differ in content (a change of exposure does not change content) or one of them is empty (a fade).
A fade out, the empty pictures and the fade in, or the cut, that follow are one edit. A dissolve of much more than a
second changes too little in half a second to be told from a change within a shot; wipes and slides are no mixtures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.domain import Cut
from indexer.segmentation.sketch import Mix, Sketch, likeness, mixture, unmoved_share
from indexer.segmentation.views import View

_SPAN_US = 250_000  # from the picture to those it may be a mixture of
_LEAST_SPAN_US = 150_000
_LEAST_PICTURES = 3
_EVEN = 0.2  # the share of the later picture is 0.5, give or take this
_RESIDUAL = 0.2
_DISTANCE = 8.0
_ALIKE = 0.7  # pictures more alike than this are of one shot
_STILL_ALIKE = 0.9  # the two around a mixture may be more so: a slow dissolve has gone only a part of its way
_UNMOVED = 0.5  # of the difference must be left when blocks may move: else the camera moved
_LEAST_MIXES = 2
_GAP_US = 300_000  # between two mixtures of one edit
_EMPTY_US = 4_000_000  # an edit stays open over empty pictures for so long; after that they are a shot of their own


@dataclass(slots=True)
class _Edit:
    """A stretch of mixtures and empty pictures that is or is not going to be an edit."""

    start_us: int
    origin: Sketch  # a picture before it
    outcome: Sketch  # the latest picture after it
    end_us: int  # of its last mixture
    alive_us: int  # when it last showed a mixture or an empty picture
    residual: float
    joins_shots: bool  # not the first picture appearing, not the rest of an edit already told of
    mixes: int = 1
    empty: bool = False  # at this moment
    faded: bool = False

    @property
    def is_fade(self) -> bool:
        return self.faded or self.origin.flat or self.outcome.flat

    @property
    def is_real(self) -> bool:
        differs = self.is_fade or likeness(self.origin, self.outcome) < _ALIKE
        return self.joins_shots and self.mixes >= _LEAST_MIXES and differs

    def as_cut(self, end_us: int) -> Cut:
        kind: Literal["fade", "dissolve"] = "fade" if self.is_fade else "dissolve"
        return Cut(self.start_us, end_us, kind, 1 - self.residual / _RESIDUAL / 2)


class GradualEdits:
    """Follows the views of a video in order and says when a gradual edit has ended."""

    def __init__(self) -> None:
        self._edit: _Edit | None = None
        self._content_us: int | None = None  # when the first picture with content was shown
        self._last_end_us = 0

    def advance(self, view: View) -> Iterator[Cut]:
        sketch = view.sketch
        if self._content_us is None and not sketch.flat:
            self._content_us = sketch.t_us
        found = _mixture_at(view)
        if found is not None:
            self._extend(view, *found)
        elif self._edit is not None:
            self._edit.empty = sketch.flat
            if sketch.flat:
                self._edit.faded, self._edit.alive_us = True, sketch.t_us
            if sketch.t_us > min(self._edit.alive_us + _GAP_US, self._edit.end_us + _EMPTY_US):
                yield from self._close()

    def cut(self, cut: Cut) -> Iterator[Cut]:
        """A hard cut: it ends a fade that has become empty, and is itself what a sudden `dissolve` was."""
        edit = self._edit
        if edit is not None and edit.empty and edit.is_real:
            self._edit = None
            cut = edit.as_cut(cut.start_us)
        elif edit is not None and cut.start_us <= edit.end_us:
            self._edit = None
        else:
            yield from self._close()
        self._last_end_us = cut.end_us
        yield cut

    def finish(self) -> Iterator[Cut]:
        """The video has ended: a fade out at its end begins no new shot."""
        if self._edit is not None and not self._edit.empty:
            yield from self._close()

    def _extend(self, view: View, mix: Mix, before: Sketch, after: Sketch) -> None:
        t_us = view.sketch.t_us
        end_us = next((sketch.t_us for sketch in view.after if sketch.t_us >= t_us + _SPAN_US // 2), after.t_us)
        if self._edit is None:
            start_us = next(sketch.t_us for sketch in view.before if sketch.t_us >= t_us - _SPAN_US // 2)
            joins_shots = self._content_us is not None and max(self._content_us, self._last_end_us) <= start_us
            self._edit = _Edit(start_us, before, after, end_us, t_us, mix.residual, joins_shots)
            return
        edit = self._edit
        edit.outcome, edit.end_us, edit.alive_us, edit.empty = after, end_us, t_us, False
        edit.residual = min(edit.residual, mix.residual)
        edit.mixes += 1

    def _close(self) -> Iterator[Cut]:
        edit, self._edit = self._edit, None
        if edit is not None and edit.is_real:
            self._last_end_us = edit.end_us
            yield edit.as_cut(edit.end_us)


def _mixture_at(view: View) -> tuple[Mix, Sketch, Sketch] | None:
    """The mixture that the picture is, and the pictures before and after that it is made of; None if it is none."""
    t_us = view.sketch.t_us
    earlier = [sketch for sketch in view.before[: 1 - _LEAST_PICTURES] if sketch.t_us <= t_us - _LEAST_SPAN_US]
    later = [sketch for sketch in view.after[_LEAST_PICTURES - 1 :] if sketch.t_us >= t_us + _LEAST_SPAN_US]
    if not earlier or not later:
        return None
    before, after = _nearest(earlier, t_us - _SPAN_US), _nearest(later, t_us + _SPAN_US)
    mix = mixture(view.sketch, before=before, after=after)
    fits = abs(mix.share - 0.5) < _EVEN and mix.residual < _RESIDUAL and mix.distance > _DISTANCE
    if not fits:
        return None
    emptied = before.flat or after.flat
    differ = likeness(before, after) < _STILL_ALIKE and unmoved_share(before, after) > _UNMOVED
    return (mix, before, after) if emptied or differ else None


def _nearest(sketches: list[Sketch], t_us: int) -> Sketch:
    return min(sketches, key=lambda sketch: abs(sketch.t_us - t_us))
