"""Tables that come with the program, in NumPy archives, workbooks and Parquet files; FAULTS rows 35 and 39."""

import importlib.util
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from l1gui.data.presets import load_data
from l1gui.data.tables import archive, memory, workbook
from l1gui.data.tables.errors import TableError
from l1gui.data.tables.preview import preview
from l1gui.data.tables.read import bundled
from l1gui.data.tables.stream import Watch
from l1gui.resources import resource
from l1gui.settings import RunSettings, TableSettings

ROOT = Path(__file__).parents[3]
SIZES = {"iris": (150, 4, 3), "wine": (178, 13, 3), "breast-cancer": (569, 30, 2), "digits": (1_797, 64, 10)}


def settings_of(path, **values):
    return RunSettings().with_values(source="table", file=str(path), **values)


def test_bundled_tables_are_those_of_the_script_and_licensed():
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert set(bundled()) == set(module.TABLES) == set(SIZES)
    words = resource("tables/LICENCES.md").read_text(encoding="utf-8")
    for name in bundled():
        text = resource(f"tables/{name}.csv").read_text(encoding="utf-8")
        assert text == module.table(name), "run docs/make_tables.py"
        assert f"`{name}.csv`" in words


@pytest.mark.parametrize("name", list(SIZES))
def test_bundled_tables_are_read(name):
    data = load_data(settings_of(f"bundled:{name}"))
    n_rows, n_inputs, n_classes = SIZES[name]
    assert len(data.train_inputs) + len(data.test_inputs) == n_rows
    assert data.n_inputs == n_inputs - (3 if name == "digits" else 0)  # three pixels are always dark
    assert data.n_classes == n_classes
    assert data.name == name


def test_a_bundled_table_that_is_not_there():
    with pytest.raises(
        TableError, match="there is no table 'irises' here; there are breast-cancer, digits, iris, wine"
    ):
        load_data(settings_of("bundled:irises"))
    with pytest.raises(TableError, match="there is no table"):
        load_data(settings_of("bundled:../../LICENSE"))


X = np.arange(24.0).reshape(8, 3) ** 2
Y = np.array(["p", "q"] * 4)


def saved(tmp_path, name="t.npz", **arrays):
    np.savez(tmp_path / name, **arrays)
    return tmp_path / name


@pytest.mark.parametrize(("x", "y"), [("X", "y"), ("x", "y"), ("data", "target"), ("inputs", "labels")])
def test_an_archive_of_x_and_y(tmp_path, x, y):
    data = load_data(settings_of(saved(tmp_path, **{x: X, y: Y}), test_share=0.0, scaling="none"))
    assert data.train_inputs.tolist() == X.tolist()
    assert data.input_names == ("x1", "x2", "x3")
    assert data.class_names == ("p", "q")


def test_an_archive_with_names_numbers_and_gaps(tmp_path):
    gaps = X.copy()
    gaps[2, 1], gaps[5, 0] = np.nan, np.inf
    path = saved(
        tmp_path, data=gaps, target=np.array([0, 1] * 4), feature_names=np.array(["a", "b", "c"]),
        target_names=np.array(["no", "yes"]),
    )  # fmt: skip
    with pytest.raises(TableError, match=r"2 missing cells: 'a' 1 \(first: row 6\), 'b' 1 \(first: row 3\); 1 of them"):
        load_data(settings_of(path))
    data = load_data(settings_of(path, missing="drop", test_share=0.0))
    assert data.input_names == ("a", "b", "c")
    assert data.class_names == ("no", "yes")
    assert len(data.train_inputs) == 6


def test_archives_of_other_shapes(tmp_path):
    images = np.arange(8 * 4, dtype=np.uint8).reshape(8, 2, 2)
    data = load_data(settings_of(saved(tmp_path, X=images, y=np.arange(8) * 0.5), test_share=0.0, scaling="none"))
    assert data.train_inputs.tolist() == images.reshape(8, 4).tolist()
    assert data.is_numeric
    columns = load_data(
        settings_of(saved(tmp_path, "c.npz", a=np.arange(8), b=Y, y=np.arange(8) % 2 == 0), test_share=0.0)
    )
    assert columns.input_names == ("a", "b=q")
    assert columns.target_name == "y"
    big = load_data(settings_of(saved(tmp_path, "b.npz", X=X.astype(">f4"), y=Y.astype(">U3")), test_share=0.0))
    assert big.class_names == ("p", "q")
    packed = tmp_path / "p.npz"
    np.savez_compressed(packed, X=np.asfortranarray(X), y=Y)
    assert load_data(settings_of(packed, test_share=0.0, scaling="none")).train_inputs.tolist() == X.tolist()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"X": X, "y": Y[:5]}, "its X has 8 rows and its y the shape"),
        ({"X": np.zeros((0, 3)), "y": Y[:0]}, "its array X is empty"),
        ({"a": X, "b": Y}, "it holds 'a', 'b': a table is an array X"),
        ({"X": np.zeros((2, 10_000))}, "its X has 10,000 columns; up to 10,000 are read"),
        ({"X": X, "y": np.array(["p", {}], dtype=object)}, "objects instead of numbers"),
        ({"X": X.astype(complex), "y": Y}, "not a whole NumPy archive"),
    ],
)
def test_row_39_archives_that_are_refused(tmp_path, arrays, said):
    with pytest.raises(TableError, match=said) as caught:
        load_data(settings_of(saved(tmp_path, **arrays)))
    assert str(caught.value).startswith("t.npz: ")


def test_row_39_broken_and_lying_archives_are_refused(tmp_path, monkeypatch):
    path = saved(tmp_path, X=X, y=Y)
    whole = path.read_bytes()
    for content in (b"", b"PK", whole[:-30], whole[:100] + b"?" + whole[101:], b"x" * 500):
        path.write_bytes(content)
        with pytest.raises(TableError, match=r"^t\.npz: "):
            load_data(settings_of(path))
    path.write_bytes(whole.replace(b"(8, 3)", b"(9, 3)"))
    with pytest.raises(TableError, match=r"not a whole NumPy archive \((Bad CRC|an array is not as long)"):
        load_data(settings_of(path))
    path.write_bytes(whole)
    monkeypatch.setattr(memory, "available_bytes", lambda: 500)
    with pytest.raises(TableError, match="its array 'X' would take about 1 kB of memory"):
        load_data(settings_of(path))
    with zipfile.ZipFile(path, "w") as bomb:
        for k in range(archive.MAX_MEMBERS + 1):
            bomb.writestr(f"{k}.npy", b"")
    with pytest.raises(TableError, match="it holds 1,001 arrays; up to 1,000 are read"):
        load_data(settings_of(path))


def test_an_archive_in_a_preview(tmp_path):
    found = preview(TableSettings(file=str(saved(tmp_path, X=X, y=Y))))
    assert [column.kind for column in found.columns] == ["number", "number", "number", "category"]
    assert found.rows[1] == ("9", "16", "25", "q")
    assert found.target == "target"


@pytest.mark.parametrize(
    ("ending", "package"), [("xlsx", "python-calamine"), ("parquet", "pyarrow")], ids=["xlsx", "parquet"]
)
def test_row_35_what_is_not_installed_is_told(tmp_path, monkeypatch, ending, package):
    for module in ("python_calamine", "pyarrow"):
        monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / f"t.{ending}"
    path.write_bytes(b"")
    with pytest.raises(TableError, match=rf"read with {package}, which is not installed: pip install {package}"):
        load_data(settings_of(path))


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_workbooks_of_another_sort_are_told(tmp_path, ending):
    with pytest.raises(TableError, match=r"save it as \.xlsx"):
        load_data(settings_of(tmp_path / f"t.{ending}"))


def sheet_of(rows):
    cells = []
    for r, row in enumerate(rows, start=1):
        line = ""
        for c, cell in enumerate(row):
            place = f'r="{chr(ord("A") + c)}{r}"'
            if isinstance(cell, str):
                line += f'<c {place} t="inlineStr"><is><t>{cell}</t></is></c>' if cell else ""
            else:
                line += f"<c {place}><v>{cell}</v></c>"
        cells.append(f'<row r="{r}">{line}</row>')
    return f"<sheetData>{''.join(cells)}</sheetData>"


def workbook_of(sheets):
    """An .xlsx of sheets, given as their XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{k + 1}" r:id="r{k + 1}"/>' for k, name in enumerate(sheets))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        + "".join(
            f'<Relationship Id="r{k + 1}" Type="{office}/worksheet" Target="worksheets/sheet{k + 1}.xml"/>'
            for k in range(len(sheets))
        )
        + "</Relationships>",
    }
    for k, xml in enumerate(sheets.values()):
        parts[f"xl/worksheets/sheet{k + 1}.xml"] = f'<worksheet xmlns="{main}">{xml}</worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return packed.getvalue()


ROWS = [["a", "b", "y"], [1, "u", "p"], [2.5, "v", "q"], ["", "", ""], [3, "w", "p"], [4, "u", "q"]]


def test_a_workbook(tmp_path):
    pytest.importorskip("python_calamine")
    path = tmp_path / "t.xlsx"
    path.write_bytes(
        workbook_of({"one": sheet_of(ROWS), "two": sheet_of([["c", "y"], *[[k, k / 4] for k in range(9)]])})
    )
    data = load_data(settings_of(path, test_share=0.0, scaling="none"))
    assert data.train_inputs.tolist() == [[1, 1, 0, 0], [2.5, 0, 1, 0], [3, 0, 0, 1], [4, 1, 0, 0]]
    assert data.class_names == ("p", "q")
    assert "The first of 2 sheets was read." in data.notes
    other = load_data(settings_of(path, sheet="two"))
    assert (other.input_names, other.is_numeric) == (("c",), True)
    assert preview(TableSettings(file=str(path))).reading.sheets == ("one", "two")
    with pytest.raises(TableError, match=r"t\.xlsx: it has no sheet 'three'; it has 'one', 'two'"):
        load_data(settings_of(path, sheet="three"))
    rows = [*ROWS, *[["tree" if k == 30 else k, "u", "pq"[k % 2]] for k in range(50)]]
    path.write_bytes(workbook_of({"one": sheet_of(rows)}))
    with pytest.raises(TableError, match=r"row 35 \(line 37\), column 'a': 'tree' is not a number"):
        load_data(settings_of(path))


def test_row_39_workbooks_that_are_refused(tmp_path):
    pytest.importorskip("python_calamine")
    path = tmp_path / "t.xlsx"
    whole = workbook_of({"one": sheet_of(ROWS)})
    for content in (b"", b"PK\x03\x04", whole[:-40], b"\xd0\xcf\x11\xe0" + whole, whole[:60] + b"????" + whole[64:]):
        path.write_bytes(content)
        with pytest.raises(TableError, match=r"^t\.xlsx: "):
            load_data(settings_of(path))
    path.write_bytes(workbook_of({"one": "<sheetData></sheetData>"}))
    with pytest.raises(TableError, match="its sheet holds no row"):
        load_data(settings_of(path))


FAR = '<sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
UNPLACED = "<sheetData>" + "<row/>" * 20_000 + "<row>" + "<c/>" * 20_000 + "</row></sheetData>"


@pytest.mark.parametrize(
    ("sheet", "n_cells"), [(FAR, "17,179,869,184"), (UNPLACED, "400,020,000")], ids=["far", "unplaced"]
)
def test_row_39_a_few_cells_far_apart_do_not_fill_the_memory(monkeypatch, sheet, n_cells):
    monkeypatch.setattr(memory, "available_bytes", lambda: 10**10)
    with pytest.raises(TableError, match=f"its sheet of {n_cells} cells would take about"):
        workbook.check_sizes(io.BytesIO(workbook_of({"one": sheet})), Watch())
    monkeypatch.setattr(workbook, "BLOCK", 7)  # a place cut in two is found all the same
    with pytest.raises(TableError, match=f"its sheet of {n_cells} cells"):
        workbook.check_sizes(io.BytesIO(workbook_of({"one": sheet[:1] + sheet[1:]})), Watch())


def test_row_39_a_workbook_that_unpacks_to_more_than_it_says(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 10_000)
    with pytest.raises(TableError, match="it unpacks to more than 10,000 bytes"):
        workbook.check_sizes(io.BytesIO(workbook_of({"one": " " * 100_000})), Watch())
    workbook.check_sizes(io.BytesIO(workbook_of({"one": sheet_of(ROWS)})), Watch())


@pytest.mark.parametrize("name", ["xl/workbook.bin", "content.xml", "mimetype"])
def test_row_39_a_workbook_that_others_would_read_differently(name):
    packed = io.BytesIO(workbook_of({"one": sheet_of(ROWS)}))
    with zipfile.ZipFile(packed, "a") as made:
        made.writestr(name, "x")
    with pytest.raises(TableError, match=r"it is no \.xlsx workbook"):
        workbook.check_sizes(packed, Watch())


def test_a_parquet_file(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "t.parquet"
    columns = {
        "a": arrow.array([1, 2, None, 4]),
        "b": arrow.array([0.5, float("nan"), 1.5, 2.5]),
        "c": arrow.array(["u", "v", None, "w"]).dictionary_encode(),
        "d": arrow.array([True, False, True, False]),
        "y": arrow.array(["p", "q", "p", "q"]),
    }
    parquet.write_table(arrow.table(columns), path)
    with pytest.raises(TableError, match=r"t\.parquet: 3 missing cells: 'a' 1 \(first: row 3\)"):
        load_data(settings_of(path))
    data = load_data(settings_of(path, missing="mean", test_share=0.0, scaling="none"))
    assert data.input_names == ("a", "b", "c=u", "c=v", "c=w", "d")
    assert data.train_inputs[:, 0].tolist() == pytest.approx([1, 2, 7 / 3, 4])
    assert data.train_inputs[:, 5].tolist() == [1, 0, 1, 0]
    assert preview(TableSettings(file=str(path))).rows[1] == ("2", "", "v", "0", "q")
    parquet.write_table(arrow.table({"a": [[1], [2]], "y": [1, 2]}), path)
    with pytest.raises(TableError, match="its columns 'a' hold lists or records"):
        load_data(settings_of(path))
    for content in (b"", b"PAR1", path.read_bytes()[:-9]):
        path.write_bytes(content)
        with pytest.raises(TableError, match=r"^t\.parquet: it is no whole Parquet file"):
            load_data(settings_of(path))
