"""商品档案、供应商、补货与质检: what keeps a product from sale, who delivers, what to order, what is wrong."""

from livecue.planning.supply.duties import Duty, duties
from livecue.planning.supply.facts import with_facts
from livecue.planning.supply.house import (
    PAPERS,
    Batch,
    Files,
    QualityCase,
    Replenishment,
    Supply,
    files_of,
)
from livecue.planning.supply.market import (
    DOUBTS,
    LIST_COLUMNS,
    RIVAL_COLUMNS,
    Market,
    Seen,
    read_list,
    read_rivals,
    seen,
)
from livecue.planning.supply.market import ROW_CODES as MARKET_CODES
from livecue.planning.supply.presets import PRESETS
from livecue.planning.supply.product import (
    Mend,
    PageScore,
    PaperState,
    ProductState,
    RivalState,
    blocked,
    roles_missing,
    state_of,
)
from livecue.planning.supply.quality import CaseState, Rates, batch_span, case_state, rates
from livecue.planning.supply.scores import Backup, Score, backups, scores, supply_risks
from livecue.planning.supply.sheets import ROW_CODES as SUPPLIER_CODES
from livecue.planning.supply.sheets import Read, purchase_sheet, read_suppliers, suppliers_sheet
from livecue.planning.supply.stock import Coming, Position, Turnover, positions, turnover, turnover_of

ROW_CODES = MARKET_CODES | SUPPLIER_CODES
"""What can be wrong in a row of any of the sheets."""

__all__ = [
    "DOUBTS",
    "LIST_COLUMNS",
    "PAPERS",
    "PRESETS",
    "RIVAL_COLUMNS",
    "ROW_CODES",
    "Backup",
    "Batch",
    "CaseState",
    "Coming",
    "Duty",
    "Files",
    "Market",
    "Mend",
    "PageScore",
    "PaperState",
    "Position",
    "ProductState",
    "QualityCase",
    "Rates",
    "Read",
    "Replenishment",
    "RivalState",
    "Score",
    "Seen",
    "Supply",
    "Turnover",
    "backups",
    "batch_span",
    "blocked",
    "case_state",
    "duties",
    "files_of",
    "positions",
    "purchase_sheet",
    "rates",
    "read_list",
    "read_rivals",
    "read_suppliers",
    "roles_missing",
    "scores",
    "seen",
    "state_of",
    "suppliers_sheet",
    "supply_risks",
    "turnover",
    "turnover_of",
    "with_facts",
]
