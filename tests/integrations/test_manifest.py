"""Every manifest names only what exists, and every door it names can be opened."""

from pathlib import Path

import pytest

from livecue.errors import BadPayload, Defect, NotFound
from livecue.integrations import load_manifests
from livecue.integrations.manifest import _read


def test_every_manifest_can_be_read_and_its_readers_exist() -> None:
    manifests = load_manifests()
    assert {"douyin.webcast", "douyin.open_push", "douyin.files", "bilibili.open_live"} <= set(manifests)
    for manifest in manifests.values():
        assert manifest.zh and manifest.en and manifest.page
        for verb in manifest.verbs:
            assert callable(manifest.load(verb))
        for item in manifest.recordings:
            assert item.load().kind == item.kind
        for document in manifest.documents:
            with pytest.raises(BadPayload):
                document.load()(b"no JSON")
        with pytest.raises(NotFound, match="cannot fly"):
            manifest.load("fly")


def test_every_decoder_refuses_rubbish_and_keeps_the_unknown() -> None:
    decoders = [m.load("decode") for m in load_manifests().values() if "decode" in m.verbs]
    assert len(decoders) >= 4
    for decoder in decoders:
        with pytest.raises(BadPayload):
            decoder("connection").receive(b"\xff\xff\xff")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_manifest_has_its_place_in_the_page_on_connecting(language: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / language / "connect.md").read_text(encoding="utf-8")
    for manifest in load_manifests().values():
        name, _, part = manifest.page.partition("#")
        if name == "connect.md":
            assert f'<a id="{part}"></a>' in page, manifest.id


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id =", "Invalid"),
        ('id = "x"', "required field"),
        (
            'id="x"\nplatform="p"\nzh="z"\nen="e"\nofficial=true\nevents=["Nothing"]\npage="connect.md#x"\n[verbs]\nfly="a:b"',
            "verb fly, event Nothing",
        ),
    ],
)
def test_a_wrong_manifest_is_a_defect_that_says_where(tmp_path: Path, text: str, why: str) -> None:
    place = tmp_path / "manifest.toml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(Defect, match=why):
        _read(place)
