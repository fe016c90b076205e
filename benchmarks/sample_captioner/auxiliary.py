"""What else is asked of the model while it learns, and left out of it afterwards: heads on what it sees and reads.

The caption's loss alone stays on a plateau. Asked of each token that is seen: its place in the picture, how much
changes there, how the camera moves what stands still, and, where a thing is known to be, what it is, its colour and
its motion; of the whole clip: place and light; of each thing by its name: where it is, its colour and its motion; of
the token after each pair of frames: what happens just then, where each thing is, and how the camera and each thing
moved since the pair before; and of the last token before the caption: everything that the caption will say.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.sample_captioner.family import MERGE, PAIR, PATCH
from benchmarks.sample_captioner.lessons import Lesson
from benchmarks.sample_captioner.quick import Passed
from benchmarks.sample_captioner.sight import Happening
from benchmarks.sample_captioner.vocabulary import CAMERAS, COLOURS, DOINGS, LIGHTS, NOUNS, PLACES, TEAMS

TOLD = 4  # happenings, at most
NOTHING = -100  # a label that is not asked
NOUN = {noun: index for index, noun in enumerate(NOUNS)}
COLOUR = {colour: index for index, colour in enumerate((*COLOURS, *TEAMS))}
DOING = {
    (doing, heading): index
    for index, (doing, heading) in enumerate((doing, way) for doing in DOINGS for way in (None, "left", "right"))
}
PLACE, LIGHT, CAMERA = ({key: index for index, key in enumerate(keys)} for keys in (PLACES, LIGHTS, CAMERAS))


@dataclass(frozen=True, slots=True)
class Answers:
    place: Tensor  # (batch,)
    light: Tensor
    camera: Tensor
    nouns: Tensor  # (batch, TOLD), NOTHING where there are fewer
    colours: Tensor
    doings: Tensor
    places: Tensor  # (batch, TOLD, pairs * tokens) shares covered, 0 where that is not known
    spots: Tensor  # (tokens, 2): across and down, in quarters of the picture's height from its middle
    flow: Tensor  # (batch, pairs, tokens, 2)
    change: Tensor  # (batch, pairs, tokens, 1): logarithm of how much the second picture differs from the first there
    turned: Tensor  # (batch, pairs, 3): the camera since the pair before: across, down, logarithm of the height
    middles: Tensor  # (batch, pairs, TOLD, 2): of each thing, across and down; not a number where unknown
    moved: Tensor  # (batch, pairs, TOLD, 2): since the pair before
    doing_now: Tensor  # (batch, pairs, DOING)


def answers(lessons: list[Lesson]) -> Answers:
    told = [list(lesson.sight.happenings[:TOLD]) for lesson in lessons]
    return Answers(
        place=torch.tensor([PLACE[lesson.sight.place] for lesson in lessons]),
        light=torch.tensor([LIGHT[lesson.sight.light] for lesson in lessons]),
        camera=torch.tensor([CAMERA[lesson.sight.camera] for lesson in lessons]),
        nouns=_padded([[NOUN[one.noun] for one in ones] for ones in told]),
        colours=_padded([[COLOUR[one.colour] if one.colour else NOTHING for one in ones] for ones in told]),
        doings=_padded([[_doing(one) for one in ones] for ones in told]),
        places=torch.stack([_places(lesson) for lesson in lessons]),
        spots=4 * _spots(lessons[0]),
        flow=torch.stack([_flow(lesson) for lesson in lessons]),
        change=torch.stack([_change(lesson) for lesson in lessons]),
        turned=torch.stack([_turned(lesson) for lesson in lessons]),
        middles=torch.stack([_middles(lesson) for lesson in lessons]),
        moved=torch.stack([_moved(_middles(lesson)) for lesson in lessons]),
        doing_now=torch.stack([_now(lesson) for lesson in lessons]),
    )


class Hints(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.seen = nn.LayerNorm(hidden)
        self.named = nn.Embedding(len(NOUN), hidden)
        self.key, self.value = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.colour, self.doing = nn.Linear(hidden, len(COLOUR)), nn.Linear(hidden, len(DOING))
        self.here, self.flow = nn.Linear(hidden, self._each), nn.Linear(hidden, 2)
        self.place, self.light = nn.Linear(hidden, len(PLACE)), nn.Linear(hidden, len(LIGHT))
        self.now, self.turned = nn.Linear(hidden, len(DOING)), nn.Linear(hidden, 3)
        self.of, self.moved = nn.Linear(hidden, hidden), nn.Linear(hidden, 2)
        self.spot, self.middle = nn.Linear(hidden, 2), nn.Linear(hidden, 2)
        self.change, self.stirred = nn.Linear(hidden, 1), nn.Linear(hidden, 1)
        self.camera, self.told = nn.Linear(hidden, len(CAMERA)), nn.Linear(hidden, TOLD * self._each)

    @property
    def _each(self) -> int:
        return len(NOUN) + len(COLOUR) + len(DOING)

    def forward(self, passed: Passed, asked: Answers) -> Tensor:
        """The sum of all losses."""
        seen, last = self.seen(passed.seen.float()), passed.asked.float()
        clip = self._of_clip(seen, asked) + self._of_things(seen.flatten(1, 2), asked)
        text = self._of_text(last, asked) + self._of_time(passed.after.float(), asked)
        return clip + self._of_tokens(seen.flatten(1, 2), asked) + text

    def _of_clip(self, seen: Tensor, asked: Answers) -> Tensor:
        whole = seen.mean((1, 2))
        return (
            functional.cross_entropy(self.place(whole), asked.place)
            + functional.cross_entropy(self.light(whole), asked.light)
            + functional.smooth_l1_loss(self.flow(seen), asked.flow)
            + 3 * functional.smooth_l1_loss(self.change(seen), asked.change)
            + functional.smooth_l1_loss(self.spot(seen), asked.spots.expand(*seen.shape[:3], 2))
        )

    def _of_time(self, after: Tensor, asked: Answers) -> Tensor:
        now = functional.binary_cross_entropy_with_logits(self.now(after), asked.doing_now, reduction="sum")
        things = self.of(after)[:, :, None] * self.named(asked.nouns.clamp(min=0))[:, None]
        return (
            0.5 * now / after[..., 0].numel()
            + 3 * functional.smooth_l1_loss(self.turned(after), asked.turned)
            + 3 * functional.smooth_l1_loss(self.stirred(after), asked.change.mean(2))
            + 3 * _known(self.middle(things), asked.middles)
            + 3 * _known(self.moved(things), asked.moved)
        )

    def _of_things(self, seen: Tensor, asked: Answers) -> Tensor:
        query = self.named(asked.nouns.clamp(min=0))
        weights = functional.log_softmax(query @ self.key(seen).transpose(1, 2) * seen.shape[-1] ** -0.5, dim=-1)
        found = weights.exp() @ self.value(seen)
        known = asked.places.sum(-1, keepdim=True)
        there = -(asked.places / known.clamp(min=1e-6) * weights).sum() / (known > 0).sum().clamp(min=1)
        return _asked(self.colour(found), asked.colours) + _asked(self.doing(found), asked.doings) + 0.5 * there

    def _of_tokens(self, seen: Tensor, asked: Answers) -> Tensor:
        """Where a thing covers an eighth of a token's square, or more."""
        clip, told, token = torch.nonzero(asked.places > 0.12, as_tuple=True)
        if not len(clip):
            return seen.new_zeros(())
        nouns, colours, doings = self._split(self.here(seen[clip, token]))
        thing = (clip, told)
        return (
            _asked(nouns, asked.nouns[thing])
            + _asked(colours, asked.colours[thing])
            + _asked(doings, asked.doings[thing])
        )

    def _of_text(self, last: Tensor, asked: Answers) -> Tensor:
        nouns, colours, doings = self._split(self.told(last).view(-1, TOLD, self._each))
        told = _asked(nouns, asked.nouns) + _asked(colours, asked.colours) + _asked(doings, asked.doings)
        return told + functional.cross_entropy(self.camera(last), asked.camera)

    def _split(self, guess: Tensor) -> tuple[Tensor, ...]:
        return torch.split(guess, [len(NOUN), len(COLOUR), len(DOING)], dim=-1)


def _asked(guess: Tensor, label: Tensor) -> Tensor:
    """Nothing where nothing is asked."""
    total = functional.cross_entropy(guess.flatten(0, -2), label.flatten(), ignore_index=NOTHING, reduction="sum")
    return total / (label != NOTHING).sum().clamp(min=1)


def _known(guess: Tensor, truth: Tensor) -> Tensor:
    known = ~truth.isnan()
    return functional.smooth_l1_loss(guess[known], truth[known], reduction="sum") / known.sum().clamp(min=1)


def _doing(one: Happening) -> int:
    return DOING[one.doing, one.heading] if one.doing else NOTHING


def _padded(rows: list[list[int]]) -> Tensor:
    return torch.tensor([[*row, *[NOTHING] * (TOLD - len(row))] for row in rows])


def _places(lesson: Lesson) -> Tensor:
    tokens = len(lesson.times) // PAIR * _tokens(lesson)[0] * _tokens(lesson)[1]
    rows = [lesson.places.get(one.noun) for one in lesson.sight.happenings[:TOLD]]
    found = torch.zeros(TOLD, tokens)
    for index, row in enumerate(rows):
        if row is not None:
            found[index] = torch.from_numpy(row).flatten()
    return found


def _flow(lesson: Lesson) -> Tensor:
    """From the first to the second picture of each pair, in fifteenths of the picture's height."""
    at = _spots(lesson)
    first, second = (torch.from_numpy(lesson.views[start::PAIR])[:, None] for start in (0, 1))
    moved = (first[..., :2] - second[..., :2] + first[..., 2:] * at) / second[..., 2:] - at
    return 15 * moved


def _change(lesson: Lesson) -> Tensor:
    down, across = _tokens(lesson)
    frames = torch.from_numpy(lesson.frames).float() / 255
    changed = (frames[1::PAIR] - frames[::PAIR]).abs().mean(-1)
    side = PATCH * MERGE
    squares = changed.reshape(len(changed), down, side, across, side).mean((2, 4))
    return torch.log(squares.flatten(1)[..., None] + 0.005) + 4


def _spots(lesson: Lesson) -> Tensor:
    down, across = _tokens(lesson)
    rows, columns = torch.meshgrid(torch.arange(down), torch.arange(across), indexing="ij")
    return torch.stack([(columns + 0.5 - across / 2) / down, (rows + 0.5 - down / 2) / down], dim=-1).flatten(0, 1)


def _turned(lesson: Lesson) -> Tensor:
    """In tenths of the picture's height, and of a logarithm; of the first pair: nothing."""
    views = torch.from_numpy(lesson.views).reshape(-1, PAIR, 3).mean(1)
    height = views[:, 2:]
    turned = torch.zeros(len(views), 3)
    turned[1:, :2] = (views[1:, :2] - views[:-1, :2]) / height[1:]
    turned[1:, 2:] = height[1:].log() - height[:-1].log()
    return 10 * turned


def _middles(lesson: Lesson) -> Tensor:
    """In quarters of the picture's height: the middle of what each thing covers."""
    middles = torch.full((len(lesson.times) // PAIR, TOLD, 2), torch.nan)
    for index, one in enumerate(lesson.sight.happenings[:TOLD]):
        if one.noun in lesson.places:
            covered = torch.from_numpy(lesson.places[one.noun])
            mass = covered.sum(1, keepdim=True)
            middles[:, index] = torch.where(mass > 0.05, 4 * covered @ _spots(lesson) / mass.clamp(min=1e-6), torch.nan)
    return middles


def _moved(middles: Tensor) -> Tensor:
    return torch.cat([torch.full_like(middles[:1], torch.nan), 2 * (middles[1:] - middles[:-1])])


def _tokens(lesson: Lesson) -> tuple[int, int]:
    """Down and across."""
    return lesson.frames.shape[1] // (PATCH * MERGE), lesson.frames.shape[2] // (PATCH * MERGE)


def _now(lesson: Lesson) -> Tensor:
    pairs = len(lesson.times) // 2
    now = torch.zeros(pairs, len(DOING))
    for one in lesson.sight.happenings:
        for pair in range(pairs):
            if one.doing and one.start <= (pair + 0.5) / pairs <= one.end:
                now[pair, DOING[one.doing, one.heading]] = 1
    return now
