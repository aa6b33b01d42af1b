"""Which of the suite's tests the genuine FastAPI passes: the measure for everything else (control.json.gz)."""

from __future__ import annotations

import gzip
import json
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.outcomes import Outcomes
from tests.conformance.sdist import SHA256, VERSION

_FILE = Path(__file__).parent / "control.json.gz"

# Tests that fail only because the package has another name: they compare an error.type attribute with
# "fastapi.exceptions.HTTPException". Established by running the genuine package renamed through the alias.
NAME_BOUND = {
    "tests/test_telemetry/test_background.py::test_background_task_failure[True-False]",
    "tests/test_telemetry/test_background.py::test_background_task_failure[True-True]",
}

# Area of a test file (its path below tests/): the first match wins.
_AREAS = {
    "tutorial": r"test_tutorial/",
    "telemetry": r"test_telemetry/",
    "cli": r"test_fastapi_cli",
    "sse": r"test_sse",
    "websocket": r"test_ws_|websocket",
    "security": r"security",
    "streaming": r"test_stream_",
    "files": r"test_file|/test_file/|multipart|upload_file|_file_list|bytes_file",
    "forms": r"test_form|/test_form/|union_form",
    "dependencies": r"depend|parameterless|param_in_path_and|test_concurrency",
    "middleware": r"middleware|exception|validation_error_context",
    "responses": r"^test_response_|return_none|encoder|skip_defaults|dump_json",
    "openapi": r"openapi|swagger|local_docs|schema|additional_|deprecated_responses|callbacks|webhooks"
    r"|generate_unique_id|model_definitions|duplicate_models|operations_signatures|computed_fields|modules_same_name",
    "body": r"body|json_type|strict_content_type|arbitrary_types|tuples|dataclasses_uuid|inherited_custom_class"
    r"|orm_mode|pydantic_v1|pydantic_sub_model|datetime_custom|required_noneable",
    "params": r"param|query|header|cookie|test_path|annotat|ambiguous|inf_nan|typing_python39"
    r"|http_connection_injection|forward_reference|invalid_sequence",
    "routing": r"response|rout|test_application|frontend|callable_endpoint|urlconvertors",
    "other": r"",
}


@dataclass(frozen=True)
class Control:
    python: str
    passed: frozenset[str]
    internal: frozenset[str]  # tests that need private names of FastAPI
    not_passed: dict[str, str]

    @property
    def scored(self) -> frozenset[str]:
        return self.passed - NAME_BOUND


def load() -> Control:
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        data = json.load(file)
    if data["version"] != VERSION:
        raise SystemExit(f"{_FILE.name} is of fastapi {data['version']}: write it again with --write-control")
    return Control(data["python"], frozenset(data["passed"]), frozenset(data["internal"]), data["not_passed"])


def write(found: Outcomes) -> None:
    """Make the outcomes of a run of the genuine package the control; what was known to be internal stays so."""
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        internal = set(json.load(file)["internal"])
    passed = sorted(test for test in found.status if found.passed(test))
    data = {
        "version": VERSION,
        "sdist_sha256": SHA256,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "passed": passed,
        "internal": sorted(internal.intersection(passed)),
        "not_passed": {test: status for test, status in sorted(found.status.items()) if status != "passed"},
    }
    # No name and no time in the archive, so that the same ids give the same bytes.
    with _FILE.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(json.dumps(data, indent=0).encode())


def area_of(test: str) -> str:
    below = test.partition("::")[0].removeprefix("tests/")
    return next(name for name, pattern in _AREAS.items() if re.search(pattern, below))
