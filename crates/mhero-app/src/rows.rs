//! Rows that use cases hand out as the store keeps them, for edges, which do not know the store.

pub use mhero_store::{
    ApprovalRow, AuditBlock, AuditFilter, Audited, BillRow, BroadcastPerson, BroadcastRow, BrokenSeal, CadreCount,
    ChannelRow, ChannelTraffic, Clock, DecidedPair, DifferenceOf, DifferenceSeen, Exchange, ExchangeDetails,
    ExchangeFilter, Grant, Group, JoinCandidate, ListedPhone, MessageRow, NumberOf, NumberRow, PairState, PeopleOrder,
    PersonRecord, Place, Programme, RecordChange, SaidOfPlace, Source, StoreError, SyncRunRow, ThreadFilter, ThreadRow,
    Token, UncertainRow, UnknownCode, User,
};
