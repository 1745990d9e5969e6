"""FAULTS row 3: text in many encodings is read, or refused by the names of those tried; never garbage."""

import codecs

import pytest

from l1gui.data.tables.columns import Mode
from l1gui.data.tables.read import read_table
from l1gui.settings import TableSettings

TEXT = "größe,preis €,art\n1,2.5,grün\n2,3.5,weiß\n3,1.5,grün\n4,0.5,weiß\n"
PLAIN = "a,b,kind\n1,2.5,x\n2,3.5,y\n3,1.5,x\n4,0.5,y\n"


def all_of(names):
    return [Mode.AUTO] * len(names)


def reading_of(write, content, **values):
    return read_table(write(content), TableSettings(**values), all_of)


ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with its mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16, little end first": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16 without mark, little end first": TEXT.encode("utf-16-le"),
    "utf-16 without mark, big end first": TEXT.encode("utf-16-be"),
    "cp1252": TEXT.encode("cp1252"),
}


@pytest.mark.parametrize("how", list(ENCODED))
def test_row_3_encodings_are_found_out(write, load, how):
    raw = reading_of(write, ENCODED[how])
    assert [column.name for column in raw.columns] == ["größe", "preis €", "art"]
    assert raw.columns[0].values.tolist() == [1, 2, 3, 4]
    assert raw.columns[2].texts == ("grün", "weiß")
    assert raw.reading.encoding == how.split(" ")[0].rstrip(",")
    assert load(ENCODED[how], test_share=0.0).class_names == ("grün", "weiß")


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "cp1252", "latin-1"])
def test_row_3_a_named_encoding_is_obeyed(write, name):
    text = TEXT.replace("€", "£")
    raw = reading_of(write, text.encode(name), encoding=name)
    assert raw.columns[1].name == "preis £"
    assert raw.reading.encoding == name


def test_row_3_a_wrong_named_encoding_is_refused(refused):
    assert "is no utf-8" in refused(TEXT.encode("cp1252"), encoding="utf-8")
    assert "hardly UTF-16" in refused(PLAIN, encoding="utf-16")
    assert "choose --encoding auto" in refused(codecs.BOM_UTF8 + PLAIN.encode(), encoding="latin-1")


def test_row_3_the_first_umlaut_may_come_late(write):
    """The first part is plain ASCII; whether the rest is UTF-8 or not shows only there."""
    many = PLAIN + "1,2.5,x\n" * 140_000
    for end, encoding in (("5,1.0,grün\n".encode("cp1252"), "cp1252"), ("5,1.0,grün\n".encode(), "utf-8")):
        raw = reading_of(write, many.encode() + end)
        assert raw.reading.encoding == encoding
        assert raw.columns[2].texts == ("x", "y", "grün")
        assert raw.n_rows == 140_005


def test_row_3_a_stray_byte_after_valid_utf_8_is_no_reason_to_guess(refused):
    many = TEXT + "1,2.5,weiß\n" * 100_000
    assert "no utf-8" in refused(many.encode() + "5,1.0,grün\n".encode("cp1252"))


FOREIGN = {
    "zero bytes": (bytes(range(256)) * 40, "tried utf-8, utf-16 and cp1252"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"1,2\n" * 50, "picture"),
    "a workbook": (b"PK\x03\x04" + b"a,b\n" * 50, "workbook"),
    "a parquet file": (b"PAR1" + b"a,b\n" * 50, "Parquet"),
    "packed": (b"\x1f\x8b\x08" + b"a,b\n" * 50, "compressed"),
    "utf-32": (codecs.BOM_UTF32_LE + PLAIN.encode("utf-32-le"), "UTF-32"),
    "shift-jis": ("甲,乙\n1,表\n2,本\n".encode("shift-jis"), "tried (utf-8, utf-16 and cp1252)"),
    "a control character": (PLAIN.encode() + b"5,\x07,x\n", "control character"),
    "nothing but zero bytes": (bytes(100_000), "this is not text"),
}


@pytest.mark.parametrize("what", list(FOREIGN))
def test_row_3_what_is_no_text_is_refused(refused, what):
    content, said = FOREIGN[what]
    assert said in refused(content)


def test_row_3_control_characters_far_inside_are_refused(refused):
    many = PLAIN + "1,2.5,x\n" * 140_000
    assert "0x00, a control character" in refused(many.encode() + b"1,\0,x\n")
    wide = codecs.BOM_UTF16_LE + (many + "1,\x07,x\n").encode("utf-16-le")
    assert "control characters" in refused(wide)
