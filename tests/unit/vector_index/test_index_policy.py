import subprocess
import sys

from indexer.vector_index import kind_for, new_index


def test_every_vector_is_compared_up_to_200_000_and_beyond_that_the_likeliest() -> None:
    assert [kind_for(count) for count in (0, 1, 200_000)] == ["flat-fp16"] * 3
    assert kind_for(200_001) == "sketched-fp16"


def test_every_kind_it_names_can_be_made() -> None:
    for count in (10, 10**6):
        assert new_index(kind_for(count), 8).kind == kind_for(count)


def test_importing_the_room_does_not_load_faiss() -> None:
    program = "import sys, indexer.vector_index; print('faiss' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
