"""Other contracts that the rows of a table feed by the way: surveys, visits, people, products, customers."""

from landing.wizard.fitting import fit_table
from landing.wizard.forms import ColumnProposal, propose_column
from landing.wizard.looking import TableLook
from landing.wizard.notes import Note
from landing.wizard.profiles import ColumnProfile
from landing.wizard.proposal import EntryProposal
from landing.wizard.sql_names import column_sql
from landing.wizard.vocabulary import is_chinese
from warehouse.contract import get_contract

_SURE = 0.6
#: Columns that only a visit has; two of them make one.
_VISIT_COLUMNS = ("scheduled_at", "departed_at", "arrived_at", "labour_hours", "labour_cost", "travel_cost",
                  "parts_cost", "outsourced_cost", "outcome", "visit_number")  # fmt: skip
_MAX_PRODUCTS = 5_000


def side_entries(
    table: TableLook, columns: tuple[ColumnProposal, ...], primary: str = "crm.tickets"
) -> list[EntryProposal]:
    """Return the further entries of a table whose rows are tickets or work orders."""
    if primary not in ("crm.tickets", "erp.work_orders"):
        return []
    source = {column.column: column.sources[0] for column in columns if column.sources}
    found: list[EntryProposal | None] = []
    if primary == "crm.tickets":
        found += [_responses(table, source, columns), _visits(table, source), _customers(table, source)]
    found += [_people(table, source, primary), _products(table, source)]
    return [entry for entry in found if entry]


def _responses(table: TableLook, source: dict[str, str], columns: tuple[ColumnProposal, ...]) -> EntryProposal | None:
    fits = fit_table(table, get_contract("survey.responses"), {"ticket_id": source["ticket_id"]})
    scores = [name for name in ("csat_score", "nps_score") if name in fits and fits[name].score >= _SURE]
    if not scores:
        return None
    taken = {name for column, name in source.items() if column not in ("agent_id", "customer_id", "ticket_id")}
    kept = {
        name: fit
        for name, fit in fits.items()
        if name not in ("region_id", "channel") and (fit.profile.name not in taken or name == "agent_id")
    }
    for name in ("agent_id", "customer_id"):
        kept.pop(name, None)
    proposals = [propose_column(fit, table) for fit in kept.values()]
    proposals += [
        ColumnProposal(name, {"from": source[name]}) for name in ("agent_id", "customer_id") if name in source
    ]
    notes: list[Note] = []
    if not {"responded_at", "invited_at"} & set(kept):
        answered = _time_of_answer(columns)
        if answered is None:
            return None  # an answer of no time is in no period
        proposals.append(answered)
    if "response_id" not in kept:
        note = Note("guess", "no number of its own: one response per ticket", "没有单独编号：每个工单按一份答卷处理")
        proposals.insert(0, ColumnProposal("response_id", {"from": source["ticket_id"]}, (note,)))
    score = kept[scores[0]].profile
    where = None
    if score.fill_share < 1 and "invited_at" not in kept:
        where = f"{column_sql(score.name)} is not null"
        notes.append(
            Note(
                "assumption",
                f"rows without {score.name} count as not asked: how many were asked is not told",
                f"没有“{score.name}”的行视为未邀请评价：邀请数量未知",
            )
        )
    return EntryProposal("survey.responses", table, "log", tuple(_in_contract_order("survey.responses", proposals)),
                         tuple(notes), where)  # fmt: skip


def _time_of_answer(columns: tuple[ColumnProposal, ...]) -> ColumnProposal | None:
    """Without a time of its own, an answer came when the ticket was closed, or else resolved."""
    by_name = {column.column: column for column in columns if column.sources}
    for name in ("closed_at", "resolved_at"):
        if name in by_name:
            end = by_name[name]
            note = Note(
                "assumption",
                f"no time of the answer: that of {end.sources[0]} is taken",
                f"没有评价时间：按“{end.sources[0]}”处理",
            )
            return ColumnProposal("responded_at", end.form, (note,))
    return None


def _visits(table: TableLook, source: dict[str, str]) -> EntryProposal | None:
    taken = frozenset(name for column, name in source.items() if column not in _shared_with_visits())
    kept = fit_table(table, get_contract("erp.work_orders"), without=taken)
    if sum(name in kept for name in _VISIT_COLUMNS) < 2:
        return None
    proposals = {name: propose_column(fit, table) for name, fit in kept.items() if name != "requested_at"}
    proposals["ticket_id"] = ColumnProposal("ticket_id", {"from": source["ticket_id"]})
    notes = []
    if "work_order_id" not in proposals:
        proposals["work_order_id"] = ColumnProposal("work_order_id", {"from": source["ticket_id"]})
        notes.append(
            Note("assumption", "one visit per ticket, under the ticket's number", "每个工单按一次上门处理，编号同工单")
        )
    if "employee_id" not in proposals and "agent_id" in source:
        note = Note("guess", "who handles the ticket is taken for the technician", "视处理人为上门工程师")
        proposals["employee_id"] = ColumnProposal("employee_id", {"from": source["agent_id"]}, (note,))
    for name in ("asset_id", "product_id", "region_id"):
        if name in source:
            proposals[name] = ColumnProposal(name, {"from": source[name]})
    if "requested_at" in kept:
        proposals["requested_at"] = propose_column(kept["requested_at"], table)
    telling = [name for name in ("arrived_at", "departed_at", "scheduled_at", "completed_at") if name in proposals]
    shown = proposals[telling[0]].sources[0] if telling and proposals[telling[0]].sources else None
    where = f"{column_sql(shown)} is not null" if shown else None
    if where:
        notes.append(Note("assumption", f"tickets without {shown} had no visit", f"没有“{shown}”的工单按没有上门处理"))
    return EntryProposal(
        "erp.work_orders", table, "delta",
        tuple(_in_contract_order("erp.work_orders", list(proposals.values()))), tuple(notes), where,
    )  # fmt: skip


def _shared_with_visits() -> tuple[str, ...]:
    return ("ticket_id", "agent_id", "asset_id", "product_id", "region_id", "is_warranty", "resolved_at")


def _customers(table: TableLook, source: dict[str, str]) -> EntryProposal | None:
    contract = get_contract("crm.customers")
    fits = fit_table(table, contract)
    direct = {name: fit for name, fit in fits.items() if name in ("customer_name", "phone") and fit.score >= _SURE}
    key = source.get("customer_id")
    if not direct or key is None:
        return None
    facts = table.facts_of.get(key, ())
    proposals = [ColumnProposal("customer_id", {"from": key})]
    proposals += [propose_column(fit, table) for name, fit in direct.items()]
    if "segment" in fits and (fits["segment"].profile.name in facts):
        proposals.append(propose_column(fits["segment"], table))
    if "region_id" in source and source["region_id"] in facts:
        proposals.append(ColumnProposal("region_id", {"from": source["region_id"]}))
    return EntryProposal(contract.name, table, "delta", tuple(_in_contract_order(contract.name, proposals)), (),
                         f"{column_sql(key)} is not null", {"key": key, "keep": "last"})  # fmt: skip


def _people(table: TableLook, source: dict[str, str], primary: str) -> EntryProposal | None:
    """People are known by nothing but the name in the rows that they handle."""
    name = source.get("employee_id" if primary == "erp.work_orders" else "agent_id")
    if name is None or not _are_names(profile := table.column(name)):
        return None
    proposals = [ColumnProposal("employee_id", {"from": name}), ColumnProposal("employee_name", {"from": name})]
    notes = [Note("assumption", "people are known by their names only", "人员仅以姓名识别")]
    if primary == "erp.work_orders":
        note = Note("assumption", "who does the work orders is a technician", "执行派工单的人视为技术员")
        proposals.append(ColumnProposal("role", {"const": "technician"}, (note,)))
    if "team_id" in source and source["team_id"] in table.facts_of.get(name, ()):
        proposals.append(ColumnProposal("team_id", {"from": source["team_id"]}))
    where = None if profile.fill_share == 1 else f"{column_sql(name)} is not null"
    return EntryProposal("erp.employees", table, "delta", tuple(_in_contract_order("erp.employees", proposals)),
                         tuple(notes), where, {"key": name, "keep": "last"})  # fmt: skip


def _are_names(profile: ColumnProfile) -> bool:
    texts = [value for value, _ in profile.top]
    if profile.is_unique or not texts or profile.numbers:
        return False
    if all(is_chinese(text) for text in texts):
        return profile.longest <= 6
    plain = [text for text in texts if not any(character.isdigit() for character in text)]
    return len(plain) == len(texts) and profile.longest <= 40 and texts[0][:1].isupper()


def _products(table: TableLook, source: dict[str, str]) -> EntryProposal | None:
    name = source.get("product_id")
    if name is None or table.column(name).is_unique or table.column(name).distinct > _MAX_PRODUCTS:
        return None
    facts = table.facts_of.get(name, ())
    fits = fit_table(table, get_contract("erp.products"), {"product_id": name})
    proposals = [ColumnProposal("product_id", {"from": name})]
    for column in ("product_name", "category"):
        fit = fits.get(column)
        if fit and fit.profile.name in facts and fit.score >= _SURE and fit.profile.name not in source.values():
            proposals.append(propose_column(fit, table))
    if len(proposals) == 1 and not _are_product_names(table.column(name)):
        return None
    if len(proposals) == 1:
        proposals.append(ColumnProposal("product_name", {"from": name}))
    if "categor" in name.lower() or any(word in name for word in ("类别", "品类", "分类")):
        proposals.append(ColumnProposal("category", {"from": name}))
    unique = {proposal.column: proposal for proposal in proposals}
    columns = tuple(_in_contract_order("erp.products", list(unique.values())))
    where = f"{column_sql(name)} is not null"
    return EntryProposal("erp.products", table, "delta", columns, (), where, {"key": name, "keep": "last"})


def _are_product_names(profile: ColumnProfile) -> bool:
    """Numbers and keys are no names: of them there is nothing to know."""
    texts = [value for value, _ in profile.top]
    return any(is_chinese(text) or " " in text or not any(c.isdigit() for c in text) for text in texts)


def _in_contract_order(contract: str, proposals: list[ColumnProposal]) -> list[ColumnProposal]:
    order = get_contract(contract).column_names
    return sorted(proposals, key=lambda proposal: order.index(proposal.column))
