"""Every file of the corpus gives exactly its rows, or exactly its problems with line and column."""

import pytest

from .corpus import CORPUS
from .corpus.example import Example


@pytest.mark.parametrize("example", CORPUS, ids=lambda example: example.name)
def test_a_file_of_the_corpus_gives_what_it_must(example: Example) -> None:
    assert example.outcome() == example.expected
