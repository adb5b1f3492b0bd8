"""What the code promises about its own shape, read from the syntax trees; every failure names the place."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("knowledge", "index", "assistant", "app")
# `tanya run` starts the application.
UPWARD = {("assistant/cli.py", "app")}

# A third party is imported in these places only; a folder ends with "/". What may be used anywhere stands in FREE.
FREE = {"numpy", "pydantic"}
EDGES = {
    "Sastrawi": {"index/morphology.py"},
    "bibtexparser": {"knowledge/references.py"},
    "bm25s": {"index/keyword_search.py"},
    "charset_normalizer": {"knowledge/repair.py"},
    "chromadb": {"index/vector_store.py"},
    "fastapi": {"app.py", "assistant/ui/"},
    "filelock": {"index/building.py"},
    "ftfy": {"knowledge/repair.py"},
    "gradio": {"app.py", "assistant/ui/"},
    "httpcore": {"knowledge/web/connections.py", "knowledge/web/pages.py"},
    "huggingface_hub": {"index/model_weights.py"},
    "langchain_core": {"assistant/langchain_adapters.py"},
    "lxml": {"knowledge/loaders/"},
    "markdown_it": {"knowledge/loaders/markdown.py"},
    "onnx": {"index/onnx_graph.py"},
    "onnxruntime": {"index/onnx_encoder.py", "index/reader.py"},
    "platformdirs": {"assistant/settings.py"},
    "pypdf": {"knowledge/loaders/pdf/rewriting.py"},
    "pypdfium2": {
        "knowledge/loaders/pdf/characters.py",
        "knowledge/loaders/pdf/opening.py",
        "knowledge/loaders/pdf/outline.py",
        "knowledge/loaders/pdf/reading.py",
        "knowledge/loaders/pdf/record.py",
        "knowledge/page_images.py",
    },
    "rich": {"assistant/terminal.py"},
    "safetensors": {"index/torch_model.py", "index/unpacking.py"},
    "sentence_transformers": {"index/embedding.py", "index/torch_model.py"},
    "sqlalchemy": {
        "index/vector_cache.py",
        "knowledge/library.py",
        "knowledge/rows.py",
        "knowledge/store.py",
        "knowledge/waiting_list.py",
    },
    "starlette": {"app.py", "assistant/ui/"},
    "tokenizers": {"index/pieces.py", "index/reader.py", "index/unpacking.py"},
    "torch": {"index/torch_model.py"},
    "trafilatura": {"knowledge/loaders/html/main.py"},
    "transformers": {"index/torch_model.py"},
    "typer": {"assistant/cli.py", "assistant/cli_context.py", "assistant/cli_sources.py", "assistant/cli_users.py"},
    "uvicorn": {"app.py"},
    "yaml": {"assistant/wording.py", "knowledge/loaders/front_matter.py", "knowledge/yaml_records.py"},
}
# The three boundaries where whatever went wrong becomes words for a person.
BROAD_HANDLERS = {"assistant/intake.py": 1, "assistant/preparation.py": 1, "assistant/ui/asking.py": 1}
EMPTY_NAMES = {"utils", "util", "common", "core", "helpers", "helper", "managers", "manager", "misc"}
COMMAND_LINE = {"assistant/cli.py", "assistant/terminal.py"}

LONGEST_MODULE, MEDIAN_MODULE = 250, 120
LONGEST_FUNCTION, USUAL_FUNCTION, USUAL_SHARE = 60, 40, 0.95
MOST_POSITIONAL = 5

TEXT_SUFFIXES = {".py", ".md", ".toml", ".yaml", ".yml", ".css", ".js", ".html", ".bib", ".jsonl", ".txt", ".json", ""}
GENERATED = {"test-output", "build", "dist", "__pycache__", "node_modules"}
SOMEONES_PATH = re.compile(r"(?<![\w.])(?:/(?:home/\w|Users/\w|root\b|work/\w)|[A-Z]:\\Users\\)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python with its tree."""

    path: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def layer(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield the first part of each imported name, wherever it is imported, with its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield "" if node.level else (node.module or "").split(".")[0], node.lineno

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def place(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}".strip()


def _modules(*tops: str) -> list[Module]:
    files = (file for top in tops for file in sorted((ROOT / top).rglob("*.py") if "." not in top else [ROOT / top]))
    return [Module(file.relative_to(ROOT).as_posix()) for file in files]


PRODUCT = _modules("knowledge", "index", "assistant", "app.py")
EVERYTHING = [*PRODUCT, *_modules("tests", "benchmarks")]


def _report(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def test_the_packages_are_read_at_all() -> None:
    assert {module.layer for module in PRODUCT} == set(LAYERS)
    assert len(PRODUCT) > 40


def test_imports_point_to_the_left() -> None:
    found = [
        f"{module.path}:{line} imports {name}, which stands to the right of {module.layer}"
        for module in PRODUCT
        for name, line in module.imports
        if name in LAYERS and LAYERS.index(name) > LAYERS.index(module.layer) and (module.path, name) not in UPWARD
    ]
    assert not found, _report(found)


def test_the_product_imports_neither_tests_nor_measurements_nor_by_relative_path() -> None:
    wrong = {"tests", "benchmarks", "training", ""}
    found = [
        f"{m.path}:{line} imports {name or 'relatively'}" for m in PRODUCT for name, line in m.imports if name in wrong
    ]
    assert not found, _report(found)


def test_third_parties_stay_at_their_edges() -> None:
    found = []
    for module in PRODUCT:
        for name, line in module.imports:
            if name in LAYERS or name in FREE or name in sys.stdlib_module_names:
                continue
            places = EDGES.get(name, set())
            if module.path not in places and not any(module.path.startswith(p) for p in places if p.endswith("/")):
                found.append(
                    f"{module.path}:{line} imports {name}; its place: {', '.join(sorted(places)) or 'none yet'}"
                )
    assert not found, _report(found)


def test_every_edge_is_in_use() -> None:
    used = {name for module in PRODUCT for name, _ in module.imports}
    assert set(EDGES) <= used, f"no longer imported: {sorted(set(EDGES) - used)}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    found = [module.path for module in EVERYTHING if EMPTY_NAMES & set(Path(module.path).with_suffix("").parts)]
    assert not found, _report(found)


def test_only_the_command_line_prints() -> None:
    found = [
        module.place(node)
        for module in PRODUCT
        if module.path not in COMMAND_LINE
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "pprint", "sys.stdout.write"}
    ]
    assert not found, _report(found)


def test_everything_is_caught_at_the_two_boundaries_only() -> None:
    for module in PRODUCT:
        broad = [
            module.place(node)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or re.search(r"\b(?:Base)?Exception\b", ast.unparse(node.type)))
        ]
        assert len(broad) <= BROAD_HANDLERS.get(module.path, 0), _report(broad)


def test_modules_are_short() -> None:
    lengths = {module.path: len(module.text.splitlines()) for module in PRODUCT}
    found = [f"{path}: {lines} lines of {LONGEST_MODULE}" for path, lines in lengths.items() if lines > LONGEST_MODULE]
    assert not found, _report(found)
    assert median(lengths.values()) <= MEDIAN_MODULE


def test_functions_are_short() -> None:
    lengths = [
        ((node.end_lineno or node.lineno) - node.lineno + 1, module.place(node))
        for module in PRODUCT
        for node in module.functions
    ]
    longer = sorted((pair for pair in lengths if pair[0] > USUAL_FUNCTION), reverse=True)
    found = [f"{place}: {lines} lines" for lines, place in longer]
    assert not longer or longer[0][0] <= LONGEST_FUNCTION, _report(found)
    assert len(longer) <= (1 - USUAL_SHARE) * len(lengths), _report(found)


def test_functions_take_few_positional_parameters() -> None:
    found = []
    for module in PRODUCT:
        for node in module.functions:
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            if len([name for name in names if name not in {"self", "cls"}]) > MOST_POSITIONAL:
                found.append(f"{module.place(node)}({', '.join(names)})")
    assert not found, _report(found)


def test_every_public_name_is_documented() -> None:
    def undocumented(module: Module, body: list[ast.stmt]) -> Iterator[str]:
        for node in body:
            if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    yield module.place(node)
                if isinstance(node, ast.ClassDef):
                    yield from undocumented(module, node.body)

    found = [module.path for module in PRODUCT if not ast.get_docstring(module.tree)]
    found += [place for module in PRODUCT for place in undocumented(module, module.tree.body)]
    assert not found, _report(found)


def _texts(folder: Path = ROOT) -> Iterator[Path]:
    """Yield the text files of the repository, without what is hidden, installed or generated."""
    for path in sorted(folder.iterdir()):
        if (
            path.name in GENERATED
            or path.suffix == ".egg-info"
            or (path.name.startswith(".") and path.name != ".github")
        ):
            continue
        if path.is_dir():
            yield from _texts(path)
        elif path.suffix in TEXT_SUFFIXES:
            yield path


def test_nothing_names_a_path_of_someones_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in _texts()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if SOMEONES_PATH.search(line)
    ]
    assert not found, _report(found)


@pytest.mark.parametrize(
    ("line", "named"), [("cd /" + "home/ana/x", True), ("/" + "root", True), ("a.org/home/x", False)]
)
def test_what_counts_as_such_a_path(line: str, named: bool) -> None:
    assert bool(SOMEONES_PATH.search(line)) == named
