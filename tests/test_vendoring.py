import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "static" / "vendor"


def test_vendored_files_are_what_the_manifest_says():
    check = [sys.executable, "tools/vendor_assets.py", "--check"]

    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "5 packages, as the manifest says\n")


def test_every_package_carries_its_licence():
    manifest = json.loads((VENDOR / "MANIFEST.json").read_text())

    assert all(entry["licence"] for entry in manifest.values())
    assert all(
        f"{Path(next(iter(e['files']))).parts[0]}/LICENSE" in e["files"] for e in manifest.values()
    )


def test_no_network_host_is_recorded():
    assert "://" not in (VENDOR / "MANIFEST.json").read_text()
    packages = tomllib.loads((ROOT / "vendor.toml").read_text())["package"]
    assert all("://" not in str(package) for package in packages)


def test_no_stylesheet_embeds_an_image():
    for stylesheet in (ROOT / "static").rglob("*.css"):
        assert "data:image" not in stylesheet.read_text(), stylesheet.name
