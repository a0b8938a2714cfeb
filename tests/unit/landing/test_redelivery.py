"""What defines when an extract was taken, and which extract a file is when it comes again."""

import pytest

from landing.mapping import load_mappings
from warehouse.connections import writer
from warehouse.errors import MappingError
from warehouse.manifest import ExtractState, list_extracts, set_state, settle_replacements

HEAD = "product_id,product_name\n"
A, B = HEAD + "P1,one\nP2,two\n", HEAD + "P1,one\n"


def accept(site):
    """What gate 1 does when it has nothing to say."""
    with writer(site.settings.warehouse_file, site.settings) as connection:
        waiting = list_extracts(connection, states=(ExtractState.CANDIDATE,))
        set_state(connection, [extract.extract_id for extract in waiting], ExtractState.ACCEPTED)
        settle_replacements(connection)


def test_files_of_one_run_were_taken_together(site):
    site.deliver("erp.products.csv", A)
    site.deliver("crm.tickets.csv", "ticket_id,opened_at\nT1,2025-10-31 10:00\n")
    site.land()
    assert site.query("select count(*), count(distinct extracted_at) from meta.extracts") == [(2, 1)]


def test_a_name_that_holds_its_old_bytes_again_is_a_delivery_after_the_other_one(site):
    for content in (A, B, A):
        site.deliver("erp.products.csv", content)
        assert len(site.land().landed) == 1
        accept(site)
    assert site.land().unchanged == 1
    rows = site.query("select extract_id, sha256, state from meta.extracts order by extracted_at")
    assert [state for _, _, state in rows] == ["accepted"] * 3
    assert rows[0][1] == rows[2][1]
    assert rows[0][0] != rows[2][0]


def test_a_refused_version_in_between_is_none(site):
    site.deliver("erp.products.csv", A)
    site.land()
    site.deliver("erp.products.csv", "no,columns\n1,2\n")
    assert len(site.land().refused) == 1
    site.deliver("erp.products.csv", A)
    assert site.land().unchanged == 1


def test_a_changed_mapping_leaves_files_as_old_as_they_were(site, bench):
    site.deliver("in.csv", "id,x,y\n1,a,b\n")
    site.land(bench.table({"subject": "x"}))
    site.land(bench.table({"subject": "y"}))
    assert site.query("select count(*), count(distinct extracted_at) from meta.extracts") == [(2, 1)]


def _dated(bench, **top):
    entry = {"contract": "erp.products", "from": {"files": "products_*.csv"}, "delivery": "snapshot",
             "columns": {"product_id": "product_id"}}  # fmt: skip
    return bench.mapping({"system": "acme", "time_zone": "Asia/Shanghai", "tables": [entry]} | top)


def test_the_name_says_when_a_file_was_taken(site, bench):
    mapping = _dated(bench, extracted_at={"file_name": r"_(\d{8})", "format": "%Y%m%d"})
    site.deliver("products_20251002.csv", A)
    site.deliver("products_20251001.csv", A)
    site.deliver("products_latest.csv", B)
    report = site.land(mapping)
    assert [extract.file_name for extract in report.landed] == ["products_20251001.csv", "products_20251002.csv"]
    assert site.query(
        "select file_name, strftime(extracted_at, '%m-%d %H:%M'), reason_code from meta.extracts order by 1"
    )[:2] == [("products_20251001.csv", "09-30 16:00", None), ("products_20251002.csv", "10-01 16:00", None)]
    assert [(e.file_name, "does not match" in e.reason_en, bool(e.reason_zh)) for e in report.refused] == [
        ("products_latest.csv", True, True)
    ]
    assert site.land(mapping).unchanged == 3


@pytest.mark.parametrize("pattern", ["no group", "(", r"(\d)(\d)"])
def test_a_pattern_needs_one_group(bench, pattern):
    with pytest.raises(MappingError, match="extracted_at"):
        _dated(bench, extracted_at={"file_name": pattern, "format": "%Y"})


def test_what_snapshots_are_the_whole_of(bench):
    def entry(files, delivery="snapshot"):
        return {"contract": "erp.products", "from": {"files": files}, "delivery": delivery,
                "columns": {"product_id": "id"}}  # fmt: skip

    path = bench.folder / "parts.yml"
    path.write_text(str({"system": "acme", "time_zone": "UTC", "tables": [entry("a*.csv"), entry("d.csv", "delta")]}))
    alone = load_mappings(path)[0]
    path.write_text(str({"system": "acme", "time_zone": "UTC", "tables": [entry("a*.csv"), entry("b*.csv")]}))
    divided = load_mappings(path)[0]
    assert [alone.part_of(0, "a.csv"), alone.part_of(1, "d.csv")] == ["", None]
    assert [divided.part_of(0, "a.csv"), divided.part_of(1, "b.csv")] == ["a*.csv", "b*.csv"]


def test_a_column_under_several_names(bench):
    mapping = bench.table(
        {"subject": ["Title", "Subject"], "status": {"from": ["State", "Status"], "values": {"x": "new"}}}
    )
    old = bench.parse("in.csv", "id,Subject,status\n1,old,x\n", mapping)[0]
    assert (old.column("subject"), old.column("status"), old.entry.unmapped_columns) == (["old"], ["new"], ())
    both = bench.parse("in.csv", "id,Subject,Title,State\n1,other,first,x\n", mapping)[0]
    assert (both.column("subject"), both.entry.unmapped_columns) == (["first"], ("Subject",))
    none = bench.parse("in.csv", "id\n1\n", mapping)[0]
    assert none.entry.absent_columns == ("Title", "State")


@pytest.mark.parametrize("names", [[], ["a", "A"], [1]])
def test_names_of_a_column_are_different_texts(bench, names):
    with pytest.raises(MappingError, match="column subject"):
        bench.table({"subject": names})
