"""The corpus: files of every kind that comes in, each with exactly what must come out of it."""

from .example import Example
from .hostile import HOSTILE
from .payroll import PAYROLL
from .shapes import SHAPES

CORPUS: tuple[Example, ...] = (*PAYROLL, *SHAPES, *HOSTILE)

assert len({example.name for example in CORPUS}) == len(CORPUS), "two examples have one name"
