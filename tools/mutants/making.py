"""Mutants of a module: the whole source again, each time with one thing changed, by the rules of mutmut.

Mutmut itself leaves out functions with a decorator, such as properties and what is cached, and all that stands
outside of functions. Its rules are applied to the whole module instead (docs/decisions/0015-mutation-testing.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal

# What is no rule of the law, and why: docs/law/mutants.md.
_WORDING = {"marked", "ClassVar", "TypeVar"}
_CHECKED_BY_TYPES = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module: where it stands in the file, and its whole source."""

    module: str
    number: int
    place: str
    line: int
    source: str

    @property
    def name(self) -> str:
        """What to call it on the command line: the module and the mutant's number in it."""
        return f"{self.module}:{self.number}"


def mutants_of(path: Path, module: str) -> list[Mutant]:
    """All mutants of a file, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _Visitor(wrapper.module)
    wrapper.visit(visitor)
    lines = text.splitlines(keepends=True)
    found: dict[str, tuple[str, int]] = {}
    for change in sorted(visitor.found, key=lambda change: change.start):
        source = change.applied_to(lines)
        if source != text:
            found.setdefault(source, (change.place, change.start[0]))
    return [Mutant(module, number, *at, source) for number, (source, at) in enumerate(found.items(), 1)]


@dataclass(frozen=True, slots=True)
class _Change:
    """Other code for a span of the file; a position is a line from 1 and a column from 0."""

    start: tuple[int, int]
    end: tuple[int, int]
    code: str
    place: str

    def applied_to(self, lines: Sequence[str]) -> str:
        """The whole source with the change."""
        (first, left), (last, right) = self.start, self.end
        before, after = lines[: first - 1], lines[last:]
        return "".join([*before, lines[first - 1][:left], self.code, lines[last - 1][right:], *after])


class _Visitor(cst.CSTVisitor):
    """Collects each change to each node, with the function or class it lies in."""

    METADATA_DEPENDENCIES = (WhitespaceInclusivePositionProvider,)

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.found: list[_Change] = []
        self._module = module
        self._within: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if _is_left_out(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._within.append(node.name.value)
        changes = _changed_arguments(node) if isinstance(node, cst.Call) else ()
        for kind, rule in mutation_operators:
            if isinstance(node, kind) and rule is not operator_arg_removal:
                most = 1 if kind is cst.BaseString else None  # of three spellings of a word one is tried
                changes = chain(changes, islice(rule(node), most))
        self.found += [self._change(node, changed) for changed in changes]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._within.pop()

    def _change(self, node: cst.CSTNode, changed: cst.CSTNode) -> _Change:
        span = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        start, end = (span.start.line, span.start.column), (span.end.line, span.end.column)
        return _Change(start, end, self._module.code_for_node(changed), ".".join(self._within) or "(module)")


def _is_left_out(node: cst.CSTNode) -> bool:
    if isinstance(node, _CHECKED_BY_TYPES):
        return True
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _WORDING:
        return True
    return isinstance(node, cst.Assign) and any(
        isinstance(target.target, cst.Name) and target.target.value == "__all__" for target in node.targets
    )


def _changed_arguments(call: cst.Call) -> Iterator[cst.Call]:
    """The call with one argument less, or where others would move up with None; mutmut tries both for each.

    Words and numbers are left out: they are changed themselves.
    """
    for place, argument in enumerate(call.args):
        if (
            argument.star
            or isinstance(argument.value, cst.SimpleString | cst.BaseNumber)
            or _is_left_out(argument.value)
        ):
            continue
        before, after = call.args[:place], call.args[place + 1 :]
        if len(call.args) > 1 and (argument.keyword or not after):
            yield call.with_changes(args=[*before, *after])
        elif not (isinstance(argument.value, cst.Name) and argument.value.value == "None"):
            yield call.with_changes(args=[*before, argument.with_changes(value=cst.Name("None")), *after])


def lines_changed(before: str, after: str) -> Iterator[str]:
    """The lines that differ, as `- old` and `+ new`."""
    old, new = before.splitlines(), after.splitlines()
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    end = next((n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), 0)
    yield from (f"- {line}" for line in old[start : max(len(old) - end, start)])
    yield from (f"+ {line}" for line in new[start : max(len(new) - end, start)])
