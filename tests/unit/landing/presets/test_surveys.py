"""Surveys of Qualtrics (three header rows) and SurveyMonkey (two)."""

from collections.abc import Callable

from tests.unit.landing.presets.conftest import Landed, at, fixture_files, shown

COLUMNS = ("ticket_id", "responded_at", "csat_score", "attitude_score", "nps_score", "comment")
QUALTRICS = fixture_files("qualtrics")["qualtrics_service_survey.csv"]
MONKEY = fixture_files("surveymonkey")["surveymonkey_service.csv"]


def test_qualtrics_takes_the_zone_of_its_third_header(land_preset: Callable[..., Landed]) -> None:
    """Summer time begins on 9 March in New York: 03:15 is 07:15 UTC, the morning before 14:02."""
    landed = land_preset("qualtrics_survey", {"qualtrics_service_survey.csv": QUALTRICS})
    responses = landed.rows("survey.responses", "response_id")
    assert {number[:3]: shown(response, *COLUMNS) for number, response in responses.items()} == {
        "R_1": ("ISS-2025-00001", at("03-08 14:02:01"), 100.0, 100.0, 10.0, "Danke – sehr gut! 很好"),
        "R_2": ("ISS-2025-00002", at("03-09 07:15:05"), 25.0, 50.0, 6.0, 'Too slow, "again"'),
        "R_5": (None, at("03-12 12:01:02"), 75.0, None, 8.0, None),
    }
    assert responses["R_2aBcDeFgHiJkLmN"]["agent_id"] == "A-8"
    [entry] = landed.entries
    # two headers, a preview, a response that was not finished
    assert (entry.entry.rows_read, entry.entry.rows_loaded, entry.entry.rows_filtered) == (7, 3, 4)
    assert (landed.bad_cells, landed.quarantine) == ([], [])


def test_qualtrics_in_choice_texts_is_told_rather_than_misread(land_preset: Callable[..., Landed]) -> None:
    texts = QUALTRICS.replace(b",email,EN,5,5,3,10,", b",email,EN,Extremely satisfied,5,Promoter,10,")
    landed = land_preset("qualtrics_survey", {"qualtrics_service_survey.csv": texts})
    assert landed.bad_cells == [("csat_score", "Extremely satisfied")]


def test_surveymonkey(land_preset: Callable[..., Landed]) -> None:
    landed = land_preset("surveymonkey_survey", {"surveymonkey_service.csv": MONKEY}, zone="Europe/Berlin")
    responses = landed.rows("survey.responses", "response_id")
    assert {number[-1]: shown(response, *COLUMNS) for number, response in responses.items()} == {
        "1": ("ISS-2025-00001", at("03-08 08:02:01"), 100.0, None, 10.0, "Danke – sehr gut! 很好"),
        "2": ("ISS-2025-00002", at("03-30 01:15:05"), 25.0, None, 6.0, 'Too slow, "again"'),
        # noon and midnight of a twelve-hour clock
        "3": (None, at("03-12 11:01:02"), 50.0, None, 0.0, None),
        "4": ("ISS-2025-00003", at("03-12 23:01:02"), None, None, None, None),
    }
    [entry] = landed.entries
    assert (entry.entry.rows_read, entry.entry.rows_filtered) == (5, 1)
    assert {"What did you contact us about?", "column_13", "column_14"} <= set(entry.entry.unmapped_columns)
    assert (landed.bad_cells, landed.quarantine) == ([], [])


def test_surveymonkey_in_another_wording_is_told(land_preset: Callable[..., Landed]) -> None:
    other = MONKEY.replace(b"Somewhat dissatisfied", b"Unhappy").replace(b"Extremely likely - 10", b"Certainly")
    landed = land_preset("surveymonkey_survey", {"surveymonkey_service.csv": other})
    assert sorted(landed.bad_cells) == [("csat_score", "Unhappy"), ("nps_score", "Certainly")]
