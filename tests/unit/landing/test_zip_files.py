"""A zip file is a folder: each member is an extract of its own; what leads out of it or into absurdity is refused."""

import io
import zipfile

import pytest

from landing.refusal import RefusalError
from landing.zip_folder import list_members, open_member
from tests.unit.landing.other_workbooks import zipped

TICKETS = "ticket_id,opened_at\n1,2025-07-01T08:30:00Z\n"


def refused(site):
    query = "select file_name, reason_code from meta.extracts where state = 'refused' order by all"
    return site.query(query)


def test_members_land_by_their_name_each_as_an_extract_of_its_own(site, bench):
    left_out = {"__MACOSX/._Case.csv": "x", ".hidden.csv": "x", "photo.jpg": "x"}
    content = zipped({"Case.csv": "id,x\n1,a\n", "sub/crm.customers.csv": "customer_id\nK1\n"} | left_out)
    site.deliver("export.zip", content)
    report = site.land(bench.table({"subject": "x"}, source={"files": "Case.csv"}))
    landed = {extract.file_name: extract.rows_loaded for extract in report.landed}
    assert landed == {"export.zip/Case.csv": 1, "export.zip/sub/crm.customers.csv": 1}
    assert report.unmatched_files == ("export.zip/photo.jpg",)
    assert site.query("select _extract_file, subject from raw.crm__tickets") == [("export.zip/Case.csv", "a")]
    assert site.query("select source_system from meta.extracts order by all") == [("acme",), ("sub",)]
    assert site.land(bench.table({"subject": "x"}, source={"files": "Case.csv"})).unchanged == 2


def test_a_pattern_with_a_path_sees_the_zip_as_a_folder(site, bench):
    site.deliver("a.zip", zipped({"Case.csv": "id,x\n1,a\n"}))
    site.deliver("b.zip", zipped({"Case.csv": "id,x\n2,b\n"}))
    report = site.land(bench.table({"subject": "x"}, source={"files": "b.zip/*.csv"}))
    assert [extract.file_name for extract in report.landed] == ["b.zip/Case.csv"]


def test_the_same_bytes_outside_of_the_zip_are_known(site):
    site.deliver("a.zip", zipped({"crm.tickets.csv": TICKETS}))
    assert len(site.land().landed) == 1
    site.deliver("crm.tickets.csv", TICKETS)
    assert (site.land().landed, site.land().unchanged) == ((), 2)


def test_names_in_the_encoding_of_old_tools_are_read(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("123456.csv", "x")
    path = tmp_path / "in.zip"
    path.write_bytes(buffer.getvalue().replace(b"123456", "工单表".encode("gbk")))
    (member,) = list_members(path, "in.zip")
    assert member.name == "工单表.csv"
    with open_member(path, member.stored_name, "in.zip") as stream:
        assert stream.read() == b"x"


def test_an_archive_inside_is_refused_and_the_other_members_land(site):
    site.deliver(
        "a.zip", zipped({"crm.tickets.csv": TICKETS, "more.zip": zipped({"crm.customers.csv": "customer_id\nK\n"})})
    )
    report = site.land()
    assert [extract.file_name for extract in report.landed] == ["a.zip/crm.tickets.csv"]
    assert refused(site) == [("a.zip/more.zip", "nested_archive")]
    assert site.land().unchanged == 2


def _encrypted() -> bytes:
    content = bytearray(zipped({"crm.tickets.csv": TICKETS}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("crm.tickets.csv")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _twice() -> bytes:
    return zipped({"crm.tickets.csv": TICKETS, "crm.ticketz.csv": TICKETS}).replace(b"ticketz", b"tickets")


HOSTILE = {
    "up": (zipped({"../crm.tickets.csv": TICKETS}), "unsafe_archive"),
    "absolute": (zipped({"/crm.tickets.csv": TICKETS}), "unsafe_archive"),
    "drive": (zipped({"C:/crm.tickets.csv": TICKETS}), "unsafe_archive"),
    "backslash": (zipped({"a": "b"}).replace(b"a", b"\\"), "unsafe_archive"),
    "link": (_linked(), "unsafe_archive"),
    "twice": (_twice(), "unsafe_archive"),
    "encrypted": (_encrypted(), "encrypted_file"),
    "many": (zipped({f"{number}.csv": "" for number in range(5001)}), "archive_too_large"),
    "cut": (zipped({"crm.tickets.csv": TICKETS})[:-30], "damaged_file"),
    "text": (b"no zip at all", "damaged_file"),
    "empty": (b"", "damaged_file"),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_hostile_zip_is_refused_as_a_whole(tmp_path, fault):
    content, code = HOSTILE[fault]
    path = tmp_path / "in.zip"
    path.write_bytes(content)
    with pytest.raises(RefusalError) as caught:
        list_members(path, "in.zip")
    assert (caught.value.code, "in.zip" in caught.value.en, "in.zip" in caught.value.zh) == (code, True, True)


def test_bombs_are_refused_by_declared_size_and_by_what_comes_out(tmp_path, monkeypatch):
    monkeypatch.setattr("landing.zip_folder._RATIO_COUNTS_FROM", 1 << 20)
    content = zipped({"crm.tickets.csv": bytes(8 << 20)})
    path = tmp_path / "in.zip"
    path.write_bytes(content)
    with pytest.raises(RefusalError) as caught:
        list_members(path, "in.zip")
    assert caught.value.code == "archive_too_large"
    path.write_bytes(content.replace((8 << 20).to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    (member,) = list_members(path, "in.zip")
    with pytest.raises(RefusalError) as caught, open_member(path, member.stored_name, "in.zip") as stream:
        stream.read()
    assert caught.value.code == "damaged_file"


def test_hostile_and_damaged_zips_stop_nothing_else(site):
    site.deliver("acme/up.zip", HOSTILE["up"][0])
    broken = bytearray(zipped({"crm.customers.csv": "customer_id\nK1\n" * 50}))
    broken[60] ^= 0xFF
    site.deliver("broken.zip", bytes(broken))
    site.deliver("crm.tickets.csv", TICKETS)
    report = site.land()
    assert [extract.file_name for extract in report.landed] == ["crm.tickets.csv"]
    assert refused(site) == [("acme/up.zip", "unsafe_archive"), ("broken.zip/crm.customers.csv", "damaged_file")]
    assert site.land().unchanged == 3
