"""An operation's files: the demo is sound, and whatever is wrong is named by file and line."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseward.jobs.operation.parts import Operation, StaffMember
from caseward.jobs.operation.problems import OperationInvalid
from caseward.jobs.operation.reading import read_operation

DEMO = Path(__file__).parents[2] / "operations" / "demo"
DEMO_FILES = {path.relative_to(DEMO): path.read_bytes() for path in DEMO.rglob("*.yaml")}


@pytest.fixture(scope="module")
def demo() -> Operation:
    return read_operation(DEMO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "operation"
    shutil.copytree(DEMO, copy)
    return copy


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(OperationInvalid) as caught:
        read_operation(folder)
    return [str(problem) for problem in caught.value.problems]


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` in a file and return the line it was on."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_demo_operation_is_sound(demo: Operation) -> None:
    assert [site.key for site in demo.sites] == ["gurugram", "kuala-lumpur"]
    assert [vendor.key for vendor in demo.vendors] == ["northstar", "melati"]
    assert len(demo.teams) == 6
    assert sum(member.role in {"AGENT", "SPECIALIST"} for member in demo.staff) == 60


def test_every_part_knows_where_it_was_written(demo: Operation) -> None:
    leader = next(member for member in demo.staff if member.key == "rohan-malhotra")
    lines = (DEMO / "staff.yaml").read_text("utf-8").splitlines()

    assert leader.place.file == "staff.yaml"
    assert lines[leader.place.line - 1] == "- key: rohan-malhotra"
    assert lines[leader.place.line_of("email") - 1].strip().startswith("email:")


def test_hours_promises_and_holidays_are_read_as_meant(demo: Operation) -> None:
    kuala_lumpur = demo.sites[1]
    friday = [(span.opens, span.closes) for span in kuala_lumpur.hours[4]]
    promise = next(one for one in demo.promises if one.line_of_business == "minor-safety")

    assert friday == [
        (timedelta(hours=8), timedelta(hours=12, minutes=15)),
        (timedelta(hours=14, minutes=45), timedelta(hours=22)),
    ]
    assert promise.first_response.within == timedelta(minutes=30)
    assert promise.first_response.calendar is None
    assert promise.escalation_pickup is not None
    assert promise.escalation_pickup.within == timedelta(minutes=15)
    assert promise.acknowledge is None


def speakers(demo: Operation, tier: int) -> set[tuple[str, str]]:
    tiers = {team.key: team.tier for team in demo.teams}
    workers: list[StaffMember] = [m for m in demo.staff if m.team and tiers[m.team] == tier]
    return {
        (skill.line_of_business, language)
        for member in workers
        for skill in member.skills
        for language in skill.languages
    }


@pytest.mark.parametrize("tier", [1, 2])
def test_somebody_answers_every_line_of_business_in_every_language(
    demo: Operation, tier: int
) -> None:
    wanted = {
        (line.key, language)
        for line in demo.lines_of_business
        for language in demo.settings.languages
    }
    assert wanted <= speakers(demo, tier)


def test_every_line_of_business_has_at_least_six_macros(demo: Operation) -> None:
    for line in (None, *(line.key for line in demo.lines_of_business)):
        assert sum(macro.line_of_business == line for macro in demo.macros) >= 6


def test_no_form_asks_for_a_secret(demo: Operation) -> None:
    for line in demo.lines_of_business:
        labels = [field.labels["en"].lower() for field in demo.fields_for(line.key)]
        assert not any("password" in label for label in labels)


def test_what_every_form_asks_comes_first(demo: Operation) -> None:
    asked = [field.key for field in demo.fields_for("account-security")]
    assert asked[:4] == ["name", "email", "reason", "message"]
    assert "handle" in asked


# One line each: file, what is written, what somebody wrote instead, what they are told.
WRONG = [
    ("staff.yaml", "manager: rohan-malhotra", "manager: rohan-malhorta", 'mean "rohan-malhotra"?'),
    ("staff.yaml", "role: GLOBAL_HEAD", "role: BOSS", "expected one of AGENT, SPECIALIST"),
    ("staff.yaml", "role: AGENT", "rolle: AGENT", '"rolle" is not known here; did you mean "role"'),
    ("staff.yaml", "aarav.khanna@caseward.example", "aarav.khanna", "expected an e-mail address"),
    ("staff.yaml", "pooja.saini@caseward", "aarav.khanna@caseward", "email is already used at"),
    ("staff.yaml", "key: pooja-saini", "key: aarav-khanna", "key is already used at staff.yaml:"),
    ("staff.yaml", "team: northstar-security", "team: northstar-securty", "is not a team; did"),
    ("staff.yaml", "languages: [hi]", "languages: [zh]", "northstar does not serve"),
    ("staff.yaml", "languages: [hi]", "languages: [fr]", "is not a language of the operation"),
    ("teams.yaml", "vendor: melati", "vendor: melatti", 'did you mean "melati"?'),
    ("teams.yaml", "leader: rohan-malhotra", "leader: aarav-khanna", "must have the role"),
    ("teams.yaml", "tier: 1", "tier: 2", "tier 2 is in-house"),
    ("teams.yaml", "tier: 1", "tier: 3", "expected a whole number from 1 to 2"),
    ("sites.yaml", "Asia/Kolkata", "Asia/Kolkatta", 'did you mean "Asia/Kolkata"?'),
    ("sites.yaml", '"08:00-13:00"', '"13:00-08:00"', "expected an end after the start"),
    ("sites.yaml", '"13:30-22:00"', '"12:30-22:00"', "two of the spans overlap"),
    ("sites.yaml", '"13:30-22:00"', '"13:30-25:00"', "expected hours up to 24:00"),
    ("sites.yaml", "country: IN", "country: INDIA", "has no public holidays"),
    ("sites.yaml", "country: IN", "country: NO", 'put it in quotes), found "NO"'),
    ("sites.yaml", "subdivision: HR", "subdivision: XX", '"XX" is not one of IN; known: AN'),
    ("sites.yaml", "- Akshay Tritiya", "- Akshay Tritya", 'did you mean "Akshay Tritiya"?'),
    ("sites.yaml", "on: 2026-11-09", "on: 2026-02-30", "that exists"),
    ("sites.yaml", "region: apac", "region: emea", '"emea" is not a region'),
    ("vendors.yaml", "share: 0.6", "share: 0.7", "add up to 1.1, above 1"),
    ("vendors.yaml", "share: 0.6", "share: 60%", "expected a share above 0"),
    ("reasons.yaml", "severity: 1", "severity: 9", "expected a whole number from 0 to 4"),
    ("reasons.yaml", "level: fluent", "level: good", "expected one of basic, fluent, native"),
    ("reasons.yaml", "handling: 12m", "handling: 12", 'expected a duration, such as "30m"'),
    ("staff.yaml", "joined: 2026-10-26", "joined: lately", "expected a date written year-month"),
    (
        "staff.yaml",
        "- key: child-safety",
        "- key: child-safety\n    - key: child-safety",
        '"child-safety" is given twice',
    ),
    (
        "staff.yaml",
        "languages: [en, hi]",
        "languages: [en, hi]\n    - line_of_business: account-security\n      languages: [en]",
        'in "en" is given twice',
    ),
    ("on_call.yaml", "fallback: kuala-lumpur-danger", "fallback: gurugram-danger", "written above"),
    ("on_call.yaml", "staff: meera-krishnan", "staff: aarav-khanna", "is not somebody in-house"),
    ("crisis_help.yaml", 'phone: "14416"', "valid_days: 0", "expected a whole number from 1"),
    ("crisis_help.yaml", "country: IN", "country: India", "expected a country code of two capital"),
    ("escalation_templates.yaml", "kind: choice", "kind: text", "a choice has them, and nothing"),
    ("experts.yaml", "staff: nandini-iyer", "staff: nobody", "is not somebody in-house"),
    ("note_templates.yaml", "line_of_business: general", "line_of_business: all", "is not a line"),
    ("capacity.yaml", "at_most: 24", "at_most: 0", "expected a number above 0"),
    ("capacity.yaml", "units: 2", "units: 7", "no case would ever fit"),
    ("queues.yaml", "hold_back: 30m", "hold_back: 25h", "expected a day or less"),
    ("capacity.yaml", "channel: appeal", "channel: all", "key is already used at capacity.yaml"),
    ("exposure_caps.yaml", "longest_run: 3", "longest_run: few", "expected a number of 0 or"),
    ("exposure_caps.yaml", "longest_run: 3", "weights: [1, 0, 0, 0, 0]", "must not fall"),
    ("exposure_caps.yaml", "why: The", "vendor: melatti\n  why: The", 'did you mean "melati"?'),
    ("queues.yaml", "vendor: melati", "vendor: melatti", 'did you mean "melati"?'),
    ("weights.yaml", "minutes: 20", "minutes: 1441", "expected at most 1440, a day"),
    ("weights.yaml", "part: continuity", "part: luck", "expected one of priority, age"),
    ("queues.yaml", "mode: push", "mode: shove", "expected one of pull, push"),
    ("overflow.yaml", "to_vendor: melati", "to_vendor: northstar", "wait there already"),
    ("overflow.yaml", "oldest_over: 2h", "oldest_over: 2", 'expected a duration, such as "30m"'),
    ("reasons.yaml", "    zh: [被盗", "    cn: [被盗", '"cn" is not known here; known: en'),
    ("promises.yaml", "within: 1h", "within: 1 hour", 'expected a duration, such as "30m"'),
    ("promises.yaml", "within: 24h", "within: 30m", "sooner than the first response"),
    ("promises.yaml", "measured: elapsed", "measured: fast", "one of elapsed, working, days"),
    ("promises.yaml", "measured: elapsed", "measured: days", '"market" is missing'),
    ("promises.yaml", "measured: elapsed", "measured: days\n    market: MY", "expected whole days"),
    ("promises.yaml", "calendar: gurugram", "market: FR", 'the clocks of "FR" are not known'),
    ("promises.yaml", "calendar: gurugram", "market: MY-MH", '"MH" is not a part of MY'),
    ("promises.yaml", "priority: 2", "priority: 1", "priority is already used at"),
    ("promises.yaml", "calendar: gurugram", "calendar: gurgaon", '"gurgaon" is not a site'),
    ("mailboxes.yaml", "help@caseward.example", "help@caseward.test", "must end in @caseward"),
    ("forms.yaml", "kind: choice", "kind: text", "only a choice has them"),
    ("forms.yaml", "kind: textarea", "kind: text", "needs a required field"),
    ("forms.yaml", "required: true", "required: yes", "expected true or false"),
    ("operation.yaml", "[en, hi, ms, ta, zh]", "[hi, ms, ta, zh]", 'expected "en" among'),
    ("operation.yaml", "ta, zh]", "ta, zh, fr]", "is not a language Caseward knows"),
    ("operation.yaml", "[en, hi, ms, ta, zh]", "[en, hi, ms, ta, en]", "is given twice"),
    ("lines_of_business.yaml", "seals_attachments: true", "seals_attachments: 1", "true or false"),
    (
        "macros/general.yaml",
        "Hello {requester_name}",
        "Hello {requester}",
        '"{requester}" is not a',
    ),
    ("macros/general.yaml", "key: need-more", "key: we-are-on-it", "key is already used at"),
]


@pytest.mark.parametrize(("file", "written", "instead", "told"), WRONG)
def test_a_wrong_value_is_named_by_file_and_line(
    folder: Path, file: str, written: str, instead: str, told: str
) -> None:
    line = change(folder, file, written, instead)
    said = [problem for problem in problems_of(folder) if told in problem]
    assert said, problems_of(folder)
    place, _, _ = said[0].partition(": ")
    assert place.startswith(f"{file.partition(':')[0]}")
    assert abs(int(place.partition(":")[2]) - line) < 20


def test_the_line_is_exact(folder: Path) -> None:
    line = change(folder, "staff.yaml", "manager: rohan-malhotra", "manager: rohna")
    assert f'staff.yaml:{line}: manager: "rohna" is not a staff member' in problems_of(folder)[0]


def test_a_missing_translation_is_named(folder: Path) -> None:
    line = change(folder, "lines_of_business.yaml", "    ta: கணக்குப் பாதுகாப்பு\n", "")
    assert f'lines_of_business.yaml:{line - 3}: "ta" is missing' in problems_of(folder)


def test_managers_who_manage_each_other_are_named(folder: Path) -> None:
    change(folder, "staff.yaml", "role: GLOBAL_HEAD", "role: LOB_LEAD\n  manager: vikram-sethi")
    told = "\n".join(problems_of(folder))
    assert "katharina-voss → vikram-sethi → ananya-deshpande → katharina-voss" in told


def test_all_problems_are_told_at_once(folder: Path) -> None:
    change(folder, "sites.yaml", "Asia/Kolkata", "Mars/Base")
    change(folder, "teams.yaml", "tier: 1", "tier: one")
    change(folder, "promises.yaml", "within: 1h", "within: soon")
    files = {problem.partition(":")[0] for problem in problems_of(folder)}
    assert {"sites.yaml", "teams.yaml", "promises.yaml"} <= files


def test_a_key_written_twice_is_named(folder: Path) -> None:
    line = change(folder, "regions.yaml", "  name:", "  key: apac\n  name:")
    first = line - 1
    told = f'regions.yaml:{line}: "key" is given twice, first on line {first}'
    assert problems_of(folder) == [told]


def remove_teams(folder: Path) -> None:
    (folder / "teams.yaml").unlink()


def remove_macros(folder: Path) -> None:
    shutil.rmtree(folder / "macros")


def add_a_stray_file(folder: Path) -> None:
    (folder / "team.yaml").write_text("[]")


def write_latin_1(folder: Path) -> None:
    (folder / "regions.yaml").write_bytes("- key: apac\n  name: Asië\n".encode("latin-1"))


def write_nothing(folder: Path) -> None:
    (folder / "regions.yaml").write_text("# later\n")


def write_one_entry_without_a_list(folder: Path) -> None:
    (folder / "regions.yaml").write_text("key: apac\nname: Asia\n")


def write_an_alias(folder: Path) -> None:
    (folder / "regions.yaml").write_text("- key: &a apac\n  name: *a\n")


def write_code(folder: Path) -> None:
    code = "- key: apac\n  name: !!python/object/apply:os.system [exit]\n"
    (folder / "regions.yaml").write_text(code)


def write_very_deep(folder: Path) -> None:
    (folder / "regions.yaml").write_text("[" * 3000)


def write_very_long(folder: Path) -> None:
    (folder / "regions.yaml").write_text("#" * 2_000_001)


def write_a_null_byte(folder: Path) -> None:
    (folder / "regions.yaml").write_text("- key: apac\n  name: a\0b\n")


def write_an_impossible_escape(folder: Path) -> None:
    (folder / "regions.yaml").write_text('- key: apac\n  name: "\\UFFFFFFFF"\n')


def write_broken_yaml(folder: Path) -> None:
    (folder / "regions.yaml").write_text("- key: apac\n  name: [Asia\n- key: emea\n")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (remove_teams, "teams.yaml: cannot be read: No such file"),
        (remove_macros, "macros: is missing"),
        (add_a_stray_file, "team.yaml: is not a file of an operation"),
        (write_latin_1, "regions.yaml:2: expected UTF-8 text"),
        (write_nothing, "regions.yaml: is empty"),
        (write_one_entry_without_a_list, "regions.yaml:1: expected a list of entries"),
        (write_an_alias, "regions.yaml:1: is not valid YAML: anchors"),
        (write_code, "regions.yaml:2: name: expected a text"),
        (write_very_deep, "regions.yaml:1: is not valid YAML: nested deeper than 20 levels"),
        (write_very_long, "regions.yaml: is larger than 2,000,000 bytes"),
        (write_a_null_byte, "regions.yaml:2: contains a character that YAML does not allow"),
        (write_an_impossible_escape, "regions.yaml:2: is not valid YAML: while parsing"),
        (write_broken_yaml, "regions.yaml:3: is not valid YAML: while parsing"),
    ],
)
def test_a_spoilt_file_is_named(folder: Path, spoil: Callable[[Path], None], told: str) -> None:
    spoil(folder)
    assert any(told in problem for problem in problems_of(folder)), problems_of(folder)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    told = problems_of(tmp_path / "nowhere")
    assert "is not a folder; name the folder of an operation" in told[0]


@st.composite
def spoilt_files(draw: st.DrawFn) -> tuple[Path, bytes]:
    """Draw a file of the demo with a few lines dropped, doubled, moved or scribbled over."""
    name = draw(st.sampled_from(sorted(DEMO_FILES)))
    lines = DEMO_FILES[name].splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        scribble = draw(st.binary(max_size=8) | st.sampled_from([b"- ", b": ", b"  ", b"{", b"*a"]))
        cut = draw(st.integers(0, len(lines[at])))
        lines[at] = draw(
            st.sampled_from(
                [b"", lines[at] * 2, lines[other], lines[at][:cut] + scribble + lines[at][cut:]]
            )
        )
    return name, b"".join(lines)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt=spoilt_files())
def test_a_spoilt_operation_is_read_or_refused_and_nothing_else(
    spoilt: tuple[Path, bytes],
) -> None:
    with TemporaryDirectory() as copy:
        shutil.copytree(DEMO, copy, dirs_exist_ok=True)
        Path(copy, spoilt[0]).write_bytes(spoilt[1])
        try:
            read_operation(Path(copy))
        except OperationInvalid as refused:
            assert refused.problems
