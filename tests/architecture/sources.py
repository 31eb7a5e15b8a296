"""The project's own source files, as the architecture tests read them."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ["core", "accounts", "sla", "pricing", "complaints", "desk"]
BUSINESS_APPS = ["accounts", "sla", "pricing", "complaints"]


def files(app, *patterns):
    found = (path for pattern in patterns for path in (ROOT / app).glob(pattern))
    return sorted(path for path in found if "migrations" not in path.parts)


def service_files(app):
    return files(app, "services.py", "services/*.py")


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(node):
    """Return the names of everything called inside the node."""
    return {
        each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
        for each in ast.walk(node)
        if isinstance(each, ast.Call)
    }


def public_functions(path):
    return [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def label(path):
    return str(path.relative_to(ROOT))
