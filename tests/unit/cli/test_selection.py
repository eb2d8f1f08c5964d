"""Which files an upload takes, and under which keys."""

import os

import pytest

from broadsheet.cli.selection import select
from broadsheet.errors import NotFoundError, RequestError


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.txt", "sub/c d.txt", "sub/deep/أخبار.txt", ".hidden.txt", ".git/config", "sub/.DS_Store"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


def keys(*names, prefix=""):
    return [file.key for file in select([str(name) for name in names], prefix).files]


def test_a_folder_gives_its_files_by_their_path_in_it_and_leaves_hidden_ones_out(folder):
    selection = select([str(folder)], "")
    assert [file.key for file in selection.files] == ["a.txt", "b.txt", "sub/c d.txt", "sub/deep/أخبار.txt"]
    assert selection.skipped == 3
    assert selection.size == sum(file.path.stat().st_size for file in selection.files)


def test_a_file_keeps_its_name_and_is_taken_when_named_even_if_hidden(folder):
    assert keys(folder / "sub/c d.txt", folder / ".hidden.txt") == ["c d.txt", ".hidden.txt"]


@pytest.mark.parametrize("prefix", ["2014", "2014/", "/2014/"])
def test_a_prefix_is_a_folder(folder, prefix):
    assert keys(folder / "a.txt", prefix=prefix) == ["2014/a.txt"]


def test_the_same_file_twice_is_taken_once(folder):
    assert keys(folder / "a.txt", folder, folder / "a.txt") == ["a.txt", "b.txt", "sub/c d.txt", "sub/deep/أخبار.txt"]


def test_two_files_never_share_a_key(folder):
    (folder / "sub/a.txt").write_text("another", encoding="utf-8")
    with pytest.raises(RequestError, match=r"the same key a\.txt"):
        keys(folder / "a.txt", folder / "sub/a.txt")


def test_a_name_without_a_file_is_an_error_before_anything_is_uploaded(folder):
    with pytest.raises(NotFoundError, match=r"nope\.txt"):
        keys(folder / "a.txt", folder / "nope.txt")


def test_links_to_files_are_followed_and_other_things_left_out(folder):
    (folder / "link.txt").symlink_to(folder / "a.txt")
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    selection = select([str(folder)], "")
    assert [file.key for file in selection.files][:3] == ["a.txt", "b.txt", "link.txt"]
    assert selection.skipped == 3 + 3


def test_keys_that_s3_does_not_take_are_refused(folder):
    with pytest.raises(RequestError, match="1024"):
        keys(folder / "a.txt", prefix="p" * 1030)
    odd = os.fsdecode(os.fsencode(folder) + b"/\xff.txt")
    with open(odd, "wb"):  # noqa: PTH123  a name that is not UTF-8
        pass
    with pytest.raises(RequestError, match="not UTF-8"):
        keys(odd)
