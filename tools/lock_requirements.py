"""Write requirements/*.lock from pyproject.toml with uv, which gets the arguments: `--upgrade`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "requirements"
# The widest comes first: the others are narrowed to its versions, so that a package has one version.
LOCKS = {
    "dev.lock": ["--all-extras"],
    "base.lock": ["--extra", "embedded", "--constraint", "dev.lock"],
    "production.lock": ["--constraint", "dev.lock"],
}
HOW = [
    *("uv", "pip", "compile", "../pyproject.toml", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
]

for name, narrowing in LOCKS.items():
    command = [*HOW, *narrowing, *sys.argv[1:], "--output-file", name]
    subprocess.run(command, cwd=HERE, check=True)
    print(f"requirements/{name}")
