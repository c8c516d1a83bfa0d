"""Where cases, decisions and events are kept: append-only, hash-chained, one transaction per act."""

from interpretable.store.base import CasePage, CaseQuery, ReviewDraft, Store
from interpretable.store.database import DatabaseStore, open_store

__all__ = ["CasePage", "CaseQuery", "DatabaseStore", "ReviewDraft", "Store", "open_store"]
