"""The generated report, from canned figures."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import chart, report
from tests.benchmarks.canned import canned_results, make_declaration, make_sample

SVG = "{http://www.w3.org/2000/svg}"


def test_the_cpu_table_shows_medians_ratios_and_the_lowest_in_bold() -> None:
    assert report.cpu_table(canned_results()).splitlines() == [
        "|  | Vivace, wire door | Go net/http | FastAPI on uvicorn | Go ÷ wire | FastAPI ÷ wire | FastAPI ÷ Go |",
        "| :-- | --: | --: | --: | --: | --: | --: |",
        "| GET json | **12.5** | 17.0 | 100 | 1.36 | 8.00 | 5.88 |",
        "| body of 1,000 models | **1,100** | 1,210 | 5,250 | 1.10 | 4.77 | 4.34 |",
    ]


def test_ratios_are_left_out_when_a_peer_did_not_take_part() -> None:
    results = canned_results()
    del results.peers["vivace-wire"]
    assert "÷ wire" not in report.cpu_table(results)
    assert "FastAPI ÷ Go" in report.cpu_table(results)


def test_an_unmeasured_cell_is_empty() -> None:
    results = canned_results()
    results.samples = [s for s in results.samples if (s.scenario, s.peer) != ("bulk", "go")]
    assert "| body of 1,000 models | **1,100** |  | 5,250 |  | 4.77 |  |" in report.cpu_table(results)
    assert chart.draw(results).count("<rect") == 5


def test_requests_per_second_are_starred_when_the_server_waited_for_load() -> None:
    results = canned_results()
    results.samples = [make_sample("json", "go", 1, cpu_us=10.0, core_used=0.5)]
    assert "| GET json |  | 50,000 * |  |" in report.requests_table(results)


def test_memory_is_shown_idle_and_loaded() -> None:
    lines = report.memory_table(canned_results()).splitlines()
    assert lines[2] == "| idle | 50.0 | 50.0 | 50.0 |"
    assert lines[3] == "| GET json | 62.0 | 62.0 | 62.0 |"


def test_the_page_names_date_machine_versions_settings_and_commands() -> None:
    page = report.markdown(canned_results())
    for fact in (
        "2026-01-02 03:04 UTC",
        "Some <CPU>",
        "| go | 1.27.3 |",
        "server on core 0",
        "python -m benchmarks",
    ):
        assert fact in page
    assert "Not measured" not in page


def test_the_page_says_what_was_not_measured_and_why() -> None:
    results = canned_results()
    results.missing = {"Fastify": "node is not installed"}
    assert "- Fastify: node is not installed" in report.markdown(results)


def test_the_tables_come_in_the_order_cpu_requests_memory() -> None:
    page = report.markdown(canned_results())
    places = [page.index(head) for head in ("## Microseconds of CPU", "## Requests per second", "## Memory")]
    assert places == sorted(places)


def test_declaring_is_shown_as_medians_per_framework() -> None:
    declarations = [make_declaration("vivace", seconds) for seconds in (1.0, 2.0, 9.0)]
    lines = report.declaration_table([*declarations, make_declaration("fastapi", 4.0)]).splitlines()
    assert lines[0] == "|  | vivace | fastapi |"
    assert "| together, s | 2.75 | 4.75 |" in lines
    assert "| peak resident, MiB | 150.0 | 150.0 |" in lines


def test_a_run_without_declarations_has_no_section_on_them() -> None:
    results = canned_results()
    assert "## Declaring 3,000 routes" in report.markdown(results)
    results.declarations = []
    assert "## Declaring" not in report.markdown(results)


def test_the_chart_is_well_formed_and_names_every_scenario_and_peer() -> None:
    results = canned_results()
    root = ET.fromstring(chart.draw(results))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    for title in [*results.scenarios.values(), *results.peers.values(), "12.5", "5,250"]:
        assert title in texts
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")


def test_the_longest_bar_of_each_panel_fills_it_and_the_others_are_in_proportion() -> None:
    root = ET.fromstring(chart.draw(canned_results()))
    widths = [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]
    assert max(widths[:3]) == max(widths[3:]) == chart.BAR_WIDTH
    assert widths[0] == pytest.approx(chart.BAR_WIDTH * 12.5 / 100, abs=0.1)


def test_writing_and_reading_give_the_same_report(tmp_path: Path) -> None:
    report.write(canned_results(), tmp_path)
    again = report.read(tmp_path)
    assert again == canned_results()
    assert (tmp_path / "report.md").read_text() == report.markdown(again)
    assert (tmp_path / "report.svg").read_text() == chart.draw(again)


def test_the_readme_is_rewritten_between_its_markers_only() -> None:
    old = "before\n<!-- bench:start -->\nold\\1 table\n<!-- bench:end -->\nafter\n"
    new = report.put_between_markers(old, "new \\1 table")
    assert new == "before\n<!-- bench:start -->\n\nnew \\1 table\n\n<!-- bench:end -->\nafter\n"
    assert report.put_between_markers(new, "new \\1 table") == new


@pytest.mark.parametrize(
    "text", ["", "<!-- bench:end --> <!-- bench:start -->", "<!-- bench:start --><!-- bench:end -->" * 2]
)
def test_markers_that_are_not_exactly_one_pair_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="places between"):
        report.put_between_markers(text, "table")


def test_a_readme_without_markers_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("no markers")
    report.update_readme(readme, canned_results())
    assert readme.read_text() == "no markers"
    assert "not updated" in capsys.readouterr().err
