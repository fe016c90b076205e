"""A model that does not fit is refused before it is loaded, with the figures."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.vision_language.catalogue.finding import find_model
from indexer.captioning.vision_language.catalogue.weights import count_parameters, require_whole, weight_files
from indexer.captioning.vision_language.devices import plan_of
from indexer.captioning.vision_language.loaded import load_model
from indexer.captioning.vision_language.room import Room, needed_bytes, require_room, room_of
from indexer.errors import ComponentError
from tests.fakes.hub_folders import write_model


def test_what_a_model_needs_follows_from_its_parameters_and_the_precision(tmp_path: Path) -> None:
    source = find_model(str(write_model(tmp_path, size=8_000_000_000)))  # four thousand million parameters
    assert needed_bytes(source, number_bytes=2) == pytest.approx(9.5e9, rel=0.01)
    assert needed_bytes(source, number_bytes=4) == pytest.approx(18.3e9, rel=0.01)


def test_packed_weights_stay_packed(tmp_path: Path) -> None:
    write_model(tmp_path, size=8_000_000_000, quantization_config={"quant_method": "fp8"})
    assert needed_bytes(find_model(str(tmp_path)), number_bytes=4) == pytest.approx(9.5e9, rel=0.01)


def test_the_figures_are_told(tmp_path: Path) -> None:
    source = find_model(str(write_model(tmp_path / "large", size=8_000_000_000)))
    require_room(source, Room(10_000_000_000, "a GPU", 2))
    with pytest.raises(ComponentError, match=r"'large' needs about 9\.5 GB of memory, and a GPU has 9\.0 GB free"):
        require_room(source, Room(9_000_000_000, "a GPU", 2))


def test_a_model_larger_than_this_machine_is_refused_before_it_is_read(tmp_path: Path) -> None:
    source = find_model(str(write_model(tmp_path, size=9_000_000_000_000)))
    with pytest.raises(ComponentError, match=r"needs about \d+\.\d GB of memory, and .* GB free; choose a smaller"):
        load_model(source, "cpu")


def test_this_machine_has_memory() -> None:
    room = room_of(plan_of("cpu"))
    assert (room.place, room.number_bytes) == ("this machine", 4)
    assert 10_000_000 < room.bytes < 1 << 50


@given(tensors=st.lists(st.lists(st.integers(0, 50), max_size=3), max_size=5))
def test_parameters_are_counted_as_the_library_counts_them(
    tensors: list[list[int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("weights")
    arrays = {str(number): np.zeros(shape, np.float16) for number, shape in enumerate(tensors)}
    save_file(arrays, folder / "model.safetensors", metadata={"format": "pt"})
    for file in weight_files(folder):
        require_whole(file)
    assert count_parameters(folder) == sum(array.size for array in arrays.values())
