"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import broadsheet

MODULES = [module.name for module in pkgutil.walk_packages(broadsheet.__path__, "broadsheet.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_some_modules_have_examples():
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 3
