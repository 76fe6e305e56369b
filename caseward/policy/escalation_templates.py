"""What must be known before a case is escalated, by line of business and reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import EscalationTemplate

LONGEST_ANSWER = 2_000
KINDS = ("text", "lines", "choice", "date", "link", "yes_no")


@dataclass(frozen=True, slots=True)
class Fact:
    """One question of a template."""

    key: str
    kind: str  # text, lines, choice, date, link or yes_no
    required: bool
    labels: Mapping[str, str]
    hints: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "Fact":
        return cls(
            key=written["key"],
            kind=written.get("kind", "text"),
            required=bool(written.get("required", False)),
            labels=written["labels"],
            hints=written.get("hints", {}),
            choices=tuple((each["key"], each["names"]) for each in written.get("choices", ())),
        )

    def stored(self) -> dict[str, Any]:
        """Return what `read` reads."""
        return {
            "key": self.key,
            "kind": self.kind,
            "required": self.required,
            "labels": dict(self.labels),
            "hints": dict(self.hints),
            "choices": [{"key": key, "names": dict(names)} for key, names in self.choices],
        }

    def label_in(self, language: str) -> str:
        return self.labels.get(language) or self.labels["en"]

    def hint_in(self, language: str) -> str:
        return self.hints.get(language) or self.hints.get("en", "")

    def choices_in(self, language: str) -> list[tuple[str, str]]:
        return [(key, names.get(language) or names["en"]) for key, names in self.choices]

    def said(self, answer: object, language: str) -> str:
        """Return an answer as people read it."""
        return dict(self.choices_in(language)).get(str(answer), str(answer))


@kept_per_revision
def facts_of(lob_id: int, reason_id: int | None) -> tuple[Fact, ...]:
    """Return what is asked when a case is escalated: by its reason, else by its line."""
    mine = EscalationTemplate.objects.filter(lob_id=lob_id, is_active=True)
    template = mine.filter(reason_id=reason_id).first() if reason_id else None
    template = template or mine.filter(reason=None).first()
    return tuple(map(Fact.read, template.facts)) if template else ()


def missing(facts: tuple[Fact, ...], answers: Mapping[str, Any]) -> list[str]:
    """Return the keys of required facts nobody has answered."""
    return [fact.key for fact in facts if fact.required and not _is_said(answers.get(fact.key))]


def kept(facts: tuple[Fact, ...], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers to what the template asks, without what it does not."""
    said = {fact.key: str(answers.get(fact.key) or "").strip() for fact in facts}
    return {key: answer[:LONGEST_ANSWER] for key, answer in said.items() if answer}


def _is_said(answer: object) -> bool:
    return bool(str(answer or "").strip())
