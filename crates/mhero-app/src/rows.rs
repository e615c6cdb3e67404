//! Rows that use cases hand out as the store keeps them, for edges, which do not know the store.

pub use mhero_store::{
    AuditBlock, AuditFilter, Audited, BroadcastPerson, BroadcastRow, BrokenSeal, CadreCount, ChannelRow, Clock,
    Exchange, ExchangeFilter, Grant, Group, ListedPhone, MessageRow, NumberOf, PeopleOrder, PersonRecord, Place,
    Programme, Source, StoreError, ThreadFilter, ThreadRow, Token, User,
};
