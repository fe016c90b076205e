"""What a model answered is judged: a caption, nothing, or a refusal; and what is put round a caption is taken off."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.captioning.generated_text import LONGEST, LONGEST_ANSWER, draft_of, find_loop, without_loop
from indexer.domain import CaptionDraft, TokenCost

CAPTION = "A woman in a red coat walks along the pier at dusk, past moored boats. Medium shot; the camera follows her."
CAPTIONS = st.sampled_from(
    [
        CAPTION,
        "A woman at a counter says \"I'm sorry, but I can't help you\" and turns to the window.",
        "\"I'm sorry, but I can't assist with that,\" a clerk tells a man in a grey suit.",
        "I'm sorry, but I can't help you, says the nurse in the corridor.",
        'A sign reads "I cannot provide change". Static close-up.',
        'White letters: "As an AI language model, I do not dream". Black screen.',
        "As an AI robot rolls through the hall, children wave. Wide shot.",
        "There is no picture attached to the wall; two nails remain.",
        "Sorry-looking dog on a wet pavement, close-up.",
        "Unfortunately placed cones block the lane while a lorry reverses.",
        "Here is where the two rivers meet, seen from the air: brown water enters blue.",
        "The video store is closed; a man reads the notice on its door.",
        "The image of a saint is carried through the street. It shows two angels.",
        "In this way, the potter raises the rim: thumbs inside, fingers outside.",
        "I-beams hang from a crane above a building site.",
        "Sure-footed goats climb a wall. Telephoto.",
        "-5 degrees shows on a thermometer at a frozen window.",
        "Caption boards are held up by three students in front of a town hall.",
        "{ and } painted in white on a blue garage door. Static.",
        "Two men play cards. 2 * 3 = 6 is written on the board behind them.",
    ]
)
REFUSALS = [
    "I'm sorry, but I can't assist with that.",
    "I’m sorry, but I can’t help with identifying people in this video.",
    "Sorry, I cannot describe this content.",
    "I apologize, but I am unable to provide a description of this video.",
    "I apologise for the confusion, but I cannot see the frames.",
    "As an AI language model, I cannot view videos.",
    "As a large language model, I don't have the ability to watch footage.",
    "I cannot assist with this request.",
    "Unfortunately, I'm a large language model, I don't have the capability to directly receive or display images.",
    "I can't provide a description of that.",
    "I'm unable to view images directly. If you describe it, I can help.",
    "I am not able to process videos.",
    "Unfortunately, I do not have access to the images.",
    "I don't see any images attached to your message. Could you upload them?",
    "I do not have the capability to see pictures.",
    "It seems you haven't provided any images yet.",
    "It looks like there is no video provided. Please share it.",
    "No images were provided.",
    "Please upload the video you want me to describe.",
    "I must decline to describe this.",
    "I'm a text-based assistant and have seen nothing.",
    "\"I'm sorry, but I can't assist with that.\"",
    "Sure! I'm sorry, but I can't do that.",
    "**I'm sorry**, but I can't help with that.",
]


class TestJudging:
    @pytest.mark.parametrize("answer", REFUSALS)
    def test_refusals_are_none(self, answer: str) -> None:
        assert draft_of(answer, TokenCost(3, 4)) == CaptionDraft("", problem="refusal", cost=TokenCost(3, 4))

    @given(CAPTIONS)
    def test_captions_are_captions(self, caption: str) -> None:
        assert draft_of(caption, TokenCost(3, 4)) == CaptionDraft(caption, cost=TokenCost(3, 4))

    @pytest.mark.parametrize(
        "answer", ["", " \n", "...", "—", "<think>It is a dog.", "```\n```", "<|im_end|>", "{}", '""']
    )
    def test_nothing_is_nothing(self, answer: str) -> None:
        assert draft_of(answer) == CaptionDraft("", problem="empty")

    @given(st.text(max_size=2000))
    def test_any_answer_is_a_clean_text_or_a_problem(self, raw: str) -> None:
        draft = draft_of(raw)
        assert (draft.text == "") == (draft.problem is not None)
        assert len(draft.text) <= LONGEST
        assert draft.text.isprintable()


class TestUnwrapping:
    @given(
        outer=st.sampled_from(["{}", "```\n{}\n```", "<think>Hm.</think>{}", "Sure! {}", "{}<|im_end|>", "\n{} \n"]),
        inner=st.sampled_from(
            [
                "```\n{}\n```",
                "```text\n{}\n```",
                "```markdown\n\n{}\n\n```",
                "**{}**",
                '"{}"',
                "“{}”",
                "- {}",
                "### {}",
                "> {}",
                "Caption: {}",
                "**Caption:** {}",
                "Description:\n{}",
                "Sure! {}",
                "Certainly. {}",
                "Here is a caption: {}",
                "Here's a dense caption for the clip:\n\n{}",
                "Sure, here is the description of the shot in one paragraph:\n{}",
                "Here is your 90-word description: {}",
            ]
        ),
    )
    def test_what_is_round_a_caption_is_taken_off(self, outer: str, inner: str) -> None:
        assert draft_of(outer.format(inner.format(CAPTION))).text == CAPTION

    def test_thinking_without_a_beginning_goes(self) -> None:
        assert draft_of(f"It must be a pier.</think>\n{CAPTION}").text == CAPTION

    @pytest.mark.parametrize(
        "opening", ["The video shows", "This clip depicts", "The short video clip features", "In this shot,"]
    )
    def test_words_that_only_introduce_go(self, opening: str) -> None:
        assert draft_of(f"{opening} a dog that runs.").text == "A dog that runs."

    @pytest.mark.parametrize(
        "said",
        [
            {"caption": CAPTION},
            {"shot": "wide", "caption": CAPTION},
            {"description": CAPTION, "people": 2},
            {"anything": CAPTION},
            [{"caption": CAPTION}],
            [CAPTION],
            CAPTION,
        ],
    )
    def test_a_caption_in_json_is_found(self, said: object) -> None:
        for written in (json.dumps(said), json.dumps(said, indent=2), f"```json\n{json.dumps(said)}\n```"):
            assert draft_of(written).text == CAPTION

    def test_several_lines_become_one(self) -> None:
        assert draft_of("- A dog runs.\n- A cat waits.\n").text == "A dog runs. A cat waits."
        assert draft_of("# Harbour\n\nA **red** boat\nleaves.").text == "Harbour A red boat leaves."

    def test_json_that_is_no_caption_stays_text(self) -> None:
        assert draft_of('{"caption": "A dog ru').text == '{"caption": "A dog ru'
        assert draft_of("[" * 100_000).problem == "empty"


class TestHostileAnswers:
    @pytest.mark.parametrize("wrapped", ["```\n{}\n```", '"{}"', '{{"caption": "{}"}}'])
    def test_no_more_than_so_much_of_an_answer_is_unwrapped(self, wrapped: str) -> None:
        """What is put round a caption is taken off where both of its ends are read only."""
        room = LONGEST_ANSWER - len(wrapped.format(""))
        fitting, too_long = (wrapped.format("A dog runs. " + "x" * size) for size in (room - 12, room - 11))
        assert len(fitting) == LONGEST_ANSWER == len(too_long) - 1
        assert draft_of(fitting).text.startswith("A dog runs.")
        assert draft_of(too_long) == draft_of(too_long[:LONGEST_ANSWER])
        assert draft_of(too_long).text[0] == wrapped[0]

    def test_thinking_does_not_count(self) -> None:
        assert draft_of(f"<think>{'Hm. ' * LONGEST_ANSWER}</think>{CAPTION}").text == CAPTION

    @pytest.mark.parametrize(
        ("answer", "begins"),
        [
            ("```" + "\n" * 4000 + "A dog.", "``` A dog."),
            ("```\n" + " \n" * 2000 + "A dog.", "``` A dog."),
            ("Sure! " * 400 + "**a " * 50_000, "**a **a"),
            ("Sure! " * 400 + "**a __b " * 50_000, "**a __b"),
            ("In this video, " * 100_000, "In this video,"),
        ],
    )
    def test_a_long_answer_is_passed_over_quickly(self, answer: str, begins: str) -> None:
        """The first two would take minutes if a pattern went back and forth in them."""
        assert draft_of(answer).text.startswith(begins)

    @pytest.mark.parametrize("answer", ["```" + "\n" * 100_000 + "A dog.", "- " * 100_000, "<think>" * 100_000])
    def test_a_long_answer_may_be_nothing(self, answer: str) -> None:
        assert draft_of(answer) == CaptionDraft("", problem="empty")

    def test_bold_ends_at_the_next_mark(self) -> None:
        assert draft_of("**A dog** and **a cat** run.").text == "A dog and a cat run."
        assert draft_of("**A __red__ dog** runs.").text == "A red dog runs."


class TestLoops:
    def test_what_stands_before_a_loop_is_kept_where_it_is_a_sentence(self) -> None:
        draft = draft_of("A man rides. He turns. " + "He waves. " * 9, TokenCost(1, 2))
        assert without_loop(draft) == CaptionDraft("A man rides. He turns. He waves.", cost=TokenCost(1, 2))

    def test_where_it_is_none_there_is_no_caption(self) -> None:
        assert without_loop(draft_of("and the " * 50, TokenCost(1, 2))) == CaptionDraft(
            "", problem="loop", cost=TokenCost(1, 2)
        )

    @given(st.text(alphabet="ab. ", max_size=400))
    def test_no_loop_is_left(self, raw: str) -> None:
        draft = without_loop(draft_of(raw))
        assert find_loop(draft.text) is None
        assert draft.text or draft.problem in ("empty", "loop")
