"""The letters of the demo fit its operation, fill their slots and repeat with the same seed."""

from pathlib import Path
from random import Random

import pytest

from caseward.core.masking import mask
from caseward.jobs.demo import texts
from caseward.jobs.operation.parts import Operation
from caseward.jobs.operation.reading import read_operation

DEMO = Path(__file__).parents[2] / "operations" / "demo"
LANGUAGES = texts.languages()


@pytest.fixture(scope="module")
def demo() -> Operation:
    return read_operation(DEMO)


def test_there_is_something_to_write_for_every_reason(demo: Operation) -> None:
    assert set(LANGUAGES) == set(demo.settings.languages)
    assert {reason.key for reason in demo.reasons} == set(texts.reasons())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", texts.reasons())
def test_a_reason_has_four_requests_and_three_follow_ups(reason: str, language: str) -> None:
    rng = Random(7)
    voice = texts.voice(language, rng)
    letters = {texts.request(reason, voice, rng).subject for _ in range(200)}
    follow_ups = {texts.follow_up(reason, voice, rng) for _ in range(100)}

    assert len(letters) >= 4
    assert len(follow_ups) >= 3
    assert not any("{" in text for text in letters | follow_ups)


def test_the_same_seed_writes_the_same_letter() -> None:
    def write() -> texts.Letter:
        rng = Random(11)
        return texts.request("scam", texts.voice("hi", rng), rng)

    assert write() == write()


@pytest.mark.parametrize("language", LANGUAGES)
def test_agents_and_raters_have_three_texts_for_everything(language: str) -> None:
    rng = Random(3)
    for outcome in texts.OUTCOMES:
        assert len({texts.reply(outcome, language, rng) for _ in range(100)}) >= 3
    for mood in texts.MOODS:
        assert len({texts.comment(mood, language, rng) for _ in range(100)}) >= 3


def test_staff_can_hand_over_judge_and_note(demo: Operation) -> None:
    rng = Random(5)
    for line in demo.lines_of_business:
        assert texts.handover(line.key, rng).tried
        assert texts.internal_note(line.key, rng)
    for verdict in texts.VERDICTS:
        assert texts.verdict_note(verdict, rng)


def test_the_cues_of_a_reason_recognise_most_of_its_requests(demo: Operation) -> None:
    rng, asked, recognised = Random(13), 0, 0
    for language in LANGUAGES:
        for reason in demo.reasons:
            for _ in range(10):
                letter = texts.request(reason.key, texts.voice(language, rng), rng)
                written = f"{letter.subject} {letter.body}".casefold()
                asked += 1
                recognised += any(cue.casefold() in written for cue in reason.cues[language])
    assert recognised / asked > 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_an_account_is_masked(language: str) -> None:
    rng = Random(17)
    for reason in texts.reasons():
        for _ in range(20):
            voice = texts.voice(language, rng)
            letter = texts.request(reason, voice, rng)
            written = f"{letter.subject} {letter.body} {texts.follow_up(reason, voice, rng)}"
            shown = mask(written).text
            for handle in (voice.handle, voice.other):
                assert shown.count(handle) == written.count(handle)
