"""The examples in the docstrings are part of the documentation: each module's must hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import scanner
import spiders

MODULES = sorted(
    found.name
    for package in (scanner, spiders)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not found.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_hold() -> None:
    finder = doctest.DocTestFinder()
    modules = map(importlib.import_module, MODULES)
    assert sum(bool(test.examples) for module in modules for test in finder.find(module)) > 30
