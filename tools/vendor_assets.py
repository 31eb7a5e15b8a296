"""Fetch the third-party files that vendor.toml names, or check the committed ones.

python tools/vendor_assets.py           fetch with npm, write static/vendor and its MANIFEST.json
python tools/vendor_assets.py --check   compare static/vendor with the manifest; needs no network
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
MANIFEST = VENDOR / "MANIFEST.json"
EMBEDDED_IMAGE = re.compile(
    r"""url\((["']?)data:image/(svg\+xml|png|jpeg)(;base64)?(?:;charset=utf-8)?,(.+?)\1\)"""
)
SOURCE_MAP = re.compile(r"\n?/\*# sourceMappingURL=.*?\*/\n?")
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENCE", "COPYING")
MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class VendoringFailed(Exception):
    """What is fetched or committed is not what the manifest promised."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    files: dict[str, str]
    mit_copyright: str = ""
    sprite: str = ""

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def folder(self) -> str:
        return self.name.removeprefix("@").replace("/", "-")


@dataclass
class Archive:
    """A fetched package: its members by path inside the package, and the hash npm publishes."""

    integrity: str
    members: dict[str, bytes] = field(repr=False)

    def __getitem__(self, path: str) -> bytes:
        try:
            return self.members[path]
        except KeyError:
            raise VendoringFailed(f"the package has no file {path}") from None


def fetch(package: Package) -> Archive:
    command = ["npm", "pack", "--silent", "--ignore-scripts", package.key]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
        packed = (Path(folder) / done.stdout.split()[-1]).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = {
            member.name.partition("/")[2]: content.read()
            for member in tar
            if (content := tar.extractfile(member))
        }
    return Archive(f"sha512-{b64encode(hashlib.sha512(packed).digest()).decode()}", members)


def vendored_files(package: Package, archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Yield (path inside the package's folder, content) of everything to commit."""
    for source, target in package.files.items():
        content = archive[source]
        if target.endswith(".css"):
            yield from unpacked_stylesheet(target, content.decode())
        else:
            yield target, content
    if package.sprite:
        yield "sprite.svg", sprite(package.sprite.split(), archive)
    yield "LICENSE", licence(package, archive)


def unpacked_stylesheet(target: str, css: str) -> Iterator[tuple[str, bytes]]:
    """Move the images embedded in a stylesheet to files: our CSP refuses data: addresses."""
    images: dict[str, bytes] = {}

    def as_file(match: re.Match[str]) -> str:
        _quote, kind, encoded, drawing = match.groups()
        image = b64decode(drawing) if encoded else unquote(drawing).replace("\\", "").encode()
        path = f"images/{digest(image)[:12]}.{kind.partition('+')[0]}"
        images[path] = image
        return f'url("{path}")'

    unpacked = SOURCE_MAP.sub("", EMBEDDED_IMAGE.sub(as_file, css))
    if re.search(r"""url\(["']?data:""", unpacked):
        raise VendoringFailed(f"{target} still embeds an image")
    yield target, unpacked.encode()
    yield from images.items()


def sprite(names: Iterable[str], archive: Archive) -> bytes:
    symbols = [symbol(name, archive[f"icons/outline/{name}.svg"].decode()) for name in names]
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'.encode()


def symbol(name: str, drawing: str) -> str:
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*>", drawing)
    visible = [shape for shape in shapes if 'stroke="none"' not in shape]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(visible)}</symbol>'


def licence(package: Package, archive: Archive) -> bytes:
    for name in LICENCE_NAMES:
        if name in archive.members:
            return archive[name]
    if not package.mit_copyright:
        raise VendoringFailed(f"{package.key} carries no licence text")
    return MIT.format(copyright=package.mit_copyright).encode()


def vendor(package: Package, known: dict[str, dict[str, str]]) -> dict[str, object]:
    """Write the files of one package and return its manifest entry."""
    archive = fetch(package)
    if package.key in known and known[package.key]["integrity"] != archive.integrity:
        raise VendoringFailed(f"{package.key} is not the package it was: its hash has changed")
    hashes = {}
    for path, content in vendored_files(package, archive):
        target = VENDOR / package.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        hashes[f"{package.folder}/{path}"] = digest(content)
    declared = json.loads(archive["package.json"])["license"]
    return {"licence": declared, "integrity": archive.integrity, "files": hashes}


def digest(content: bytes) -> str:
    return hashlib.sha512(content).hexdigest()


def read_manifest() -> dict[str, dict]:
    return json.loads(MANIFEST.read_text()) if MANIFEST.exists() else {}


def fetch_all(packages: list[Package]) -> None:
    known = read_manifest()
    manifest = {package.key: vendor(package, known) for package in packages}
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    for path in strays(manifest):
        (VENDOR / path).unlink()


def strays(manifest: dict[str, dict]) -> list[str]:
    """Return the files below static/vendor that no manifest entry explains."""
    expected = {path for entry in manifest.values() for path in entry["files"]}
    present = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path != MANIFEST
    }
    return sorted(present - expected)


def problems(packages: list[Package]) -> Iterator[str]:
    manifest = read_manifest()
    if set(manifest) != {package.key for package in packages}:
        yield "MANIFEST.json and vendor.toml name different packages; fetch again"
    for entry in manifest.values():
        for path, expected in entry["files"].items():
            committed = VENDOR / path
            if not committed.exists():
                yield f"{path} is missing"
            elif digest(committed.read_bytes()) != expected:
                yield f"{path} was changed by hand"
    yield from (f"{path} is in no package" for path in strays(manifest))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only, without the network")
    settings = tomllib.loads((ROOT / "vendor.toml").read_text())
    packages = [Package(**entry) for entry in settings["package"]]
    if not parser.parse_args().check:
        fetch_all(packages)
    found = list(problems(packages))
    print(*(found or [f"{len(packages)} packages, as the manifest says"]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
