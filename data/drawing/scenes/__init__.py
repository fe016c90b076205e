"""Kinds of scene, one file a place; each is a function of dice and a length in seconds."""

from collections.abc import Callable

from data.drawing.dice import Dice
from data.drawing.scenes.city import skyline, street
from data.drawing.scenes.football import crowd, goal, match
from data.drawing.scenes.harbour import harbour, lighthouse, sail
from data.drawing.scenes.interview import interview
from data.drawing.scenes.scene import Scene
from data.drawing.scenes.sea_floor import anemone, jellyfish, reef
from data.drawing.scenes.station import clock, platform, viaduct
from data.drawing.scenes.warehouse import conveyor, forklift
from data.drawing.scenes.winter import snow_road, snowman

SCENES: dict[str, Callable[[Dice, float], Scene]] = {
    "harbour": harbour,
    "sail": sail,
    "lighthouse": lighthouse,
    "platform": platform,
    "clock": clock,
    "viaduct": viaduct,
    "match": match,
    "goal": goal,
    "crowd": crowd,
    "reef": reef,
    "anemone": anemone,
    "jellyfish": jellyfish,
    "skyline": skyline,
    "street": street,
    "forklift": forklift,
    "conveyor": conveyor,
    "interview": interview,
    "snow road": snow_road,
    "snowman": snowman,
}
