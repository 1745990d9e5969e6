"""The choices of the settings of tables that are names, for the window, the flags and the check."""

from __future__ import annotations

import re
from dataclasses import fields

from l1gui.settings import SPECS, SettingError, TableSettings
from l1gui.spec import shown

CHOICES: dict[str, dict[str, str]] = {
    "encoding": {
        "auto": "found out: a byte order mark, zero bytes, UTF-8 if it is valid, else Windows-1252",
        "utf-8": "UTF-8, with or without byte order mark",
        "utf-16": "UTF-16, of either byte order",
        "cp1252": "Windows-1252, Western European",
        "latin-1": "ISO 8859-1, Western European",
    },
    "delimiter": {
        "auto": "found out: what gives all rows the same number of cells",
        "comma": "comma",
        "semicolon": "semicolon",
        "tab": "tab",
        "pipe": "vertical bar",
        "space": "spaces, one or more",
    },
    "decimal": {
        "auto": "found out: what the numbers allow",
        "point": "point, as in 1,234.5",
        "comma": "comma, as in 1.234,5",
    },
    "header": {
        "auto": "found out: texts above numbers, or texts that do not come again below",
        "yes": "the first row names the columns",
        "no": "the first row is data; the columns are named by number",
    },
    "target_kind": {
        "auto": "texts and few whole numbers are classes, other numbers are numbers",
        "class": "each text or number is a class",
        "number": "a number, to be met as closely as can be",
    },
    "missing": {
        "refuse": "the table is refused, and the cells are told",
        "drop": "rows with a missing cell are dropped",
        "mean": "numbers get the training rows' mean, categories their most frequent one",
        "mode": "each gets the training rows' most frequent value",
    },
    "scaling": {
        "none": "as they are in the table",
        "standard": "mean 0 and standard deviation 1 over the training rows",
        "minmax": "0 to 1 over the training rows",
    },
    "target_scaling": {
        "auto": "standard with hidden layers, none without",
        "none": "as in the table",
        "standard": "mean 0 and standard deviation 1 over the training rows",
    },
    "stratify": {
        "yes": "each part gets its share of every class",
        "no": "rows are drawn whatever their class",
    },
}
"""Of every setting of tables that is a name: its choices, and what each means. The default is the first or "refuse",
"standard" and so on, as the setting says."""

SHARES_LIMIT = 0.95


def check_table(table: TableSettings) -> None:
    """SettingError, with the choices or the reason, for settings of a table that cannot be."""
    for name, choices in CHOICES.items():
        value = getattr(table, name)
        if value not in choices:
            raise SettingError(
                name, f"{SPECS[name].label} cannot be {shown(value)}; choose one of {', '.join(choices)}"
            )
    if not table.file:
        raise SettingError("file", "there is no table to read: name its file, or 'bundled:iris' for one that is here")
    if table.test_share + table.validation_share > SHARES_LIMIT:
        raise SettingError(
            "test_share",
            f"test share {table.test_share:g} and validation share {table.validation_share:g} leave too few rows to "
            f"train on; together they may be {SHARES_LIMIT:g}",
        )
    if table.split_column and (table.validation_file or table.test_file):
        raise SettingError(
            "split_column", "a split column cannot go with a validation or test table of its own: leave one out"
        )
    if table.fingerprint and not re.fullmatch("[0-9a-f]{64}", table.fingerprint):
        raise SettingError("fingerprint", "a fingerprint is 64 hexadecimal digits, or empty")


def check_no_table(table: TableSettings, source: str) -> None:
    """SettingError for a setting of tables that is set although the rows come from elsewhere."""
    for each in fields(table):
        if getattr(table, each.name) != each.default:
            raise SettingError(
                each.name,
                f"{SPECS[each.name].label} is a setting of tables, and of no use for the {source} data: leave it out, "
                "or choose the source 'table'",
            )
