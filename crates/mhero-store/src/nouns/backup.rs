//! Reading every table in one state, and writing rows back, for backup and restore into either engine.
//!
//! What a backup holds stands in [`TABLES`]; a test compares it with the schema, so that a forgotten table fails.

use std::collections::BTreeMap;

use crate::{
    Clock, Engine, FromValue, Location, Queue, Row, Snapshot, Store, StoreError, Unit, Value, params,
    statement::statements,
};

/// Rows of one INSERT. With the widest table this stays far below the parameters that an engine takes.
const INSERT_ROWS: usize = 32;
/// The setting that stands as long as a restore has not ended.
const MARKER: &str = "restore-incomplete";

statements! {
    /// Every table with its columns, in their order.
    CATALOG = "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT), CAST(COALESCE((SELECT array_position(i.indkey::int2[], CAST(c.ordinal_position AS SMALLINT)) + 1 FROM pg_index i WHERE i.indrelid = CAST(quote_ident(c.table_name) AS regclass) AND i.indisprimary), 0) AS BIGINT) FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE' WHERE c.table_schema = current_schema() ORDER BY c.table_name ASC NULLS LAST, c.ordinal_position ASC NULLS LAST"
        | "SELECT m.name, p.name, p.type, p.pk FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name ASC NULLS LAST, p.cid ASC NULLS LAST";
    /// What the next entry of each numbered table comes after.
    COUNTERS = "SELECT CAST(sequencename AS TEXT), CAST(COALESCE(last_value, 0) AS BIGINT) FROM pg_sequences WHERE schemaname = current_schema() ORDER BY sequencename ASC NULLS LAST"
        | "SELECT name || '_entry_seq', CAST(seq AS INTEGER) FROM sqlite_sequence ORDER BY name ASC NULLS LAST";
    FORGET_COUNTER = "SELECT 1 WHERE $1 IS NULL" | "DELETE FROM sqlite_sequence WHERE name = $1";
    SET_COUNTER = "SELECT CAST(setval(CAST(pg_get_serial_sequence($1, 'entry') AS regclass), $2) AS BIGINT)"
        | "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
    LAST_CHANGE = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM change";
    MARKED = "SELECT value FROM setting WHERE key = 'restore-incomplete'";
    MARK = "INSERT INTO setting (key, value, updated_at) VALUES ('restore-incomplete', $1, $2) ON CONFLICT (key) DO UPDATE SET value = $1, updated_at = $2";
    UNMARK = "DELETE FROM setting WHERE key = 'restore-incomplete'";
    END_SESSIONS = "DELETE FROM web_session";
}

/// A table that a backup holds.
#[derive(Debug, PartialEq, Eq)]
pub struct BackupTable {
    /// Its name.
    pub name: &'static str,
    /// Its primary key: rows are read in its order.
    pub key: &'static [&'static str],
    /// Whether its key is a number that the engine gives and that must never come twice.
    pub is_numbered: bool,
}

const fn table(name: &'static str, key: &'static [&'static str]) -> BackupTable {
    BackupTable { name, key, is_numbered: false }
}

const fn numbered(name: &'static str) -> BackupTable {
    BackupTable { name, key: &["entry"], is_numbered: true }
}

/// Every table of a backup, in the order in which they stand in it.
pub static TABLES: &[BackupTable] = &[
    table("setting", &["key"]),
    table("numbering_country", &["country"]),
    table("sequence", &["name"]),
    table("programme", &["id"]),
    table("app_user", &["id"]),
    table("role_grant", &["id"]),
    table("user_phone", &["owner"]),
    table("second_factor", &["owner"]),
    table("recovery_code", &["owner", "digest"]),
    table("user_identity", &["issuer", "subject"]),
    table("api_token", &["id"]),
    table("timer", &["id"]),
    table("job", &["id"]),
    numbered("change"),
    table("source", &["id"]),
    table("source_record", &["id"]),
    table("import_run", &["id"]),
    table("sync_state", &["source"]),
    table("sync_run", &["id"]),
    table("record_change", &["id"]),
    table("sync_problem", &["id"]),
    table("run_member", &["run", "member_of", "person"]),
    table("run_group", &["run", "member_of"]),
    table("ownership", &["field", "source"]),
    table("fhir_id", &["type", "id"]),
    table("place", &["id"]),
    table("place_name", &["folded", "place"]),
    table("place_closure", &["ancestor", "descendant"]),
    table("place_identifier", &["system", "value", "place"]),
    table("cadre", &["id"]),
    table("title", &["id"]),
    table("person", &["id"]),
    table("person_token", &["token", "person"]),
    table("person_alias", &["alias"]),
    table("person_link", &["id"]),
    table("link_pair", &["left_person", "right_person"]),
    table("link_model", &["id"]),
    table("link_carried", &["link", "kind", "entity"]),
    table("person_identifier", &["system", "value", "person", "source_record"]),
    table("person_urn", &["id"]),
    table("urn_primary", &["scheme", "path"]),
    table("stop", &["scheme", "path", "list"]),
    table("source_stop", &["source", "record", "scheme", "path"]),
    table("source_consent", &["source"]),
    table("source_subscription", &["source", "kind"]),
    table("written_out", &["source", "person"]),
    table("backend_flow", &["flow"]),
    table("backend_call", &["id"]),
    table("backend_person", &["start", "person"]),
    table("backend_contact", &["source", "contact"]),
    table("backend_item", &["kind", "entity"]),
    table("backend_list", &["source", "list"]),
    table("backend_problem", &["source", "subject", "kind"]),
    table("position", &["id"]),
    table("training", &["id"]),
    table("absence", &["id"]),
    table("proposal", &["id"]),
    table("candidate", &["id"]),
    table("facility_answer", &["id"]),
    table("facility_round", &["id"]),
    table("facility_asked", &["round", "person"]),
    table("place_value", &["place", "field"]),
    table("number_health", &["scheme", "path"]),
    table("number_not_theirs", &["scheme", "path", "person"]),
    table("reach_day", &["day", "place", "operator"]),
    table("number_mark", &["id"]),
    table("field", &["id"]),
    table("person_value", &["person", "field"]),
    table("audience_group", &["id"]),
    table("group_member", &["member_of", "person"]),
    table("channel", &["id"]),
    table("route", &["prefix"]),
    table("hmis_map", &["id"]),
    table("hmis_report", &["id"]),
    table("fhir_golden", &["kind", "entity"]),
    table("fhir_said", &["number"]),
    table("fhir_resource", &["resource"]),
    table("fhir_version", &["number"]),
    table("fhir_key", &["param", "value", "system", "from_at", "until_at", "resource"]),
    table("fhir_request", &["id"]),
    table("fhir_request_target", &["request", "kind", "target"]),
    table("fhir_message", &["message"]),
    table("fhir_run", &["run"]),
    table("emnutt_progress", &["id"]),
    table("notice_target", &["id"]),
    numbered("notice"),
    table("web_hook", &["id"]),
    table("relayer", &["number"]),
    table("relayed", &["number"]),
    table("ussd_dialog", &["channel", "session"]),
    table("broadcast", &["id"]),
    table("broadcast_text", &["broadcast", "language"]),
    table("broadcast_slice", &["broadcast", "number"]),
    table("broadcast_left_out", &["broadcast", "person"]),
    table("broadcast_short", &["broadcast", "language"]),
    table("correction", &["draft"]),
    table("approval", &["id"]),
    table("approval_code", &["id"]),
    table("trust_code", &["code"]),
    table("trust_asked", &["id"]),
    table("message_body", &["id"]),
    table("message", &["id"]),
    table("message_choice", &["message"]),
    table("person_way", &["person"]),
    table("chat_turn", &["message"]),
    table("chat_code", &["digest"]),
    table("outbox", &["message"]),
    table("quiet_rule", &["place"]),
    table("message_hold", &["message"]),
    table("broadcast_validity", &["broadcast"]),
    table("operator_block_list", &["id"]),
    table("operator_block", &["path", "list"]),
    table("said_time", &["message"]),
    table("late_answer", &["message"]),
    table("submission", &["id"]),
    table("price", &["id"]),
    table("budget", &["id"]),
    table("budget_hold", &["broadcast"]),
    table("bill", &["id"]),
    table("bill_difference", &["bill", "number"]),
    table("early_report", &["channel", "carrier_id", "state"]),
    table("early_receipt", &["channel", "carrier_id", "path", "state"]),
    numbered("intake"),
    table("intake_piece", &["channel", "path", "reference", "parts", "number"]),
    table("conversation", &["id"]),
    table("thread", &["id"]),
    table("flow", &["id"]),
    table("flow_revision", &["flow", "revision"]),
    table("flow_asset", &["kind", "id"]),
    table("flow_start", &["id"]),
    table("flow_start_slice", &["start", "number"]),
    table("flow_start_left_out", &["start", "person"]),
    table("flow_session", &["id"]),
    table("flow_run", &["id"]),
    table("flow_result", &["run", "key"]),
    table("flow_way", &["flow", "exit_id", "destination", "bucket"]),
    table("effect", &["key"]),
    table("flow_trigger", &["id"]),
    table("flow_trigger_word", &["word", "conditions"]),
    table("campaign", &["id"]),
    table("campaign_event", &["id"]),
    table("campaign_fire", &["event", "person", "due_at"]),
    table("who_asked", &["scheme", "path"]),
    table("rapidpro_number", &["kind", "entity"]),
    table("rapidpro_asked", &["entity"]),
    table("message_label", &["label", "message"]),
    table("message_mark", &["message"]),
    table("contact_mark", &["person", "mark"]),
    table("resthook_subscriber", &["number"]),
    numbered("simulated_sms"),
    table("exchange", &["id"]),
    table("exchange_out", &["id"]),
    table("exchange_once", &["client", "once"]),
    table("client_rule", &["client"]),
    numbered("audit"),
    table("audit_block", &["number"]),
];

/// Tables that no backup holds: who held what at that moment, who was signed in, files about people that nobody has decided about
/// and that go after a day, and what the schema itself says.
pub static LEFT_OUT: &[&str] =
    &["lease", "web_session", "import_draft", "import_draft_part", "refinery_schema_history"];

/// The kind of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// A whole number; a boolean too on SQLite, which has none.
    Int,
    /// A number.
    Float,
    /// A boolean.
    Bool,
    /// A text.
    Text,
    /// Bytes; ids are 16 of them.
    Bytes,
}

/// A column as the engine describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ColumnKind,
    /// Its place in the primary key, from 1; 0 outside.
    pub in_key: i64,
}

impl Row {
    /// The cells, in order.
    pub fn into_cells(self) -> Vec<Value> {
        self.cells
    }
}

/// Reads all tables in one state of the data, page by page.
#[derive(Debug)]
pub struct BackupReader {
    engine: Engine,
    snapshot: Snapshot,
    columns: BTreeMap<String, Vec<Column>>,
    last_change: i64,
}

impl BackupReader {
    /// The columns of a table.
    pub fn columns(&self, table: &BackupTable) -> &[Column] {
        self.columns.get(table.name).map_or(&[], Vec::as_slice)
    }

    /// The next rows of a table in the order of its key, after a key; fewer than `limit` at its end.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn page(
        &mut self,
        table: &BackupTable,
        after: Option<Vec<Value>>,
        limit: i64,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        // Keys are never NULL; the word only lets each engine see that its index has this order.
        let nulls = if self.engine == Engine::Postgres { "LAST" } else { "FIRST" };
        let columns: Vec<_> = self.columns(table).iter().map(|column| quoted(&column.name)).collect();
        let key: Vec<_> = table.key.iter().map(|column| quoted(column)).collect();
        let mut values = after.unwrap_or_default();
        let mut conditions = Vec::new();
        if !values.is_empty() {
            conditions.push(format!("({}) > ({})", key.join(", "), placeholders(1, key.len())));
        }
        if table.name == "setting" {
            conditions.push(format!("key <> '{MARKER}'"));
        }
        let only = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let order: Vec<_> = key.iter().map(|column| format!("{column} ASC NULLS {nulls}")).collect();
        values.push(limit.into());
        let sql = format!(
            "SELECT {} FROM {}{only} ORDER BY {} LIMIT ${}",
            columns.join(", "),
            quoted(table.name),
            order.join(", "),
            values.len()
        );
        let rows = self.snapshot.query_composed(sql, values).await?;
        let mut rows: Vec<Vec<Value>> = rows.into_iter().map(Row::into_cells).collect();
        if table.name == "change" {
            self.number(table, &mut rows);
        }
        Ok(rows)
    }

    /// The key of a row, to go on after it.
    pub fn key_of(&self, table: &BackupTable, row: &[Value]) -> Vec<Value> {
        let columns = self.columns(table);
        let position = |key: &&str| columns.iter().position(|column| column.name == **key);
        table.key.iter().filter_map(position).filter_map(|at| row.get(at).cloned()).collect()
    }

    /// By table, what the next entry of the numbered ones comes after.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn counters(&mut self) -> Result<BTreeMap<String, i64>, StoreError> {
        let rows = self.snapshot.query(&COUNTERS, vec![]).await?;
        let mut found = BTreeMap::new();
        for row in &rows {
            found.insert(row.get::<String>(0)?, row.get::<i64>(1)?);
        }
        let counters = TABLES.iter().filter(|table| table.is_numbered).map(|table| {
            let last = found.get(&format!("{}_entry_seq", table.name)).copied().unwrap_or(0);
            // On SQLite the number in the feed is the entry itself, so entries must stay ahead of it.
            let last = if table.name == "change" { last.max(self.last_change) } else { last };
            (table.name.to_owned(), last)
        });
        Ok(counters.collect())
    }

    /// Numbers what is committed and unnumbered as the holder of the lease would next.
    fn number(&mut self, table: &BackupTable, rows: &mut [Vec<Value>]) {
        let Some(seq) = self.columns(table).iter().position(|column| column.name == "seq") else { return };
        for row in rows {
            if matches!(Option::<i64>::from_value(&row[seq]), Ok(None)) {
                self.last_change += 1;
                row[seq] = self.last_change.into();
            }
        }
    }
}

impl Store {
    /// Opens a store to restore into, also one in which a restore was cut short. An empty one is migrated.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_to_restore(location: &Location, clock: Clock) -> Result<Self, StoreError> {
        crate::schema::prepare(location, false).await?;
        Self::open_unchecked(location, clock).await
    }

    pub(crate) async fn refuse_half_restored(self) -> Result<Self, StoreError> {
        if self.first(&MARKED, vec![]).await?.is_some() { Err(StoreError::RestoreIncomplete) } else { Ok(self) }
    }

    /// The tables of the engine with their columns.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn catalog(&self) -> Result<BTreeMap<String, Vec<Column>>, StoreError> {
        let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for row in self.query(&CATALOG, vec![]).await? {
            let kind = match row.get::<String>(2)?.to_ascii_lowercase().as_str() {
                "bigint" | "integer" => ColumnKind::Int,
                "double precision" | "real" => ColumnKind::Float,
                "boolean" => ColumnKind::Bool,
                "bytea" | "blob" => ColumnKind::Bytes,
                _ => ColumnKind::Text,
            };
            let column = Column { name: row.get(1)?, kind, in_key: row.get(3)? };
            tables.entry(row.get(0)?).or_default().push(column);
        }
        Ok(tables)
    }

    /// Opens one state of the data, to read every table of it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backup_reader(&self) -> Result<BackupReader, StoreError> {
        let columns = self.catalog().await?;
        let mut snapshot = self.snapshot().await?;
        let last = snapshot.query(&LAST_CHANGE, vec![]).await?;
        let last_change = last.first().map_or(Ok(0), |row| row.get(0))?;
        Ok(BackupReader { engine: self.engine(), snapshot, columns, last_change })
    }

    /// The first table of a backup that holds a row here.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn first_used_table(&self) -> Result<Option<&'static str>, StoreError> {
        for table in TABLES {
            let sql = format!("SELECT {} FROM {} LIMIT 1", quoted(table.key[0]), quoted(table.name));
            if !self.query_composed(sql, vec![]).await?.is_empty() {
                return Ok(Some(table.name));
            }
        }
        Ok(None)
    }

    /// Begins a restore: marks the store as incomplete and empties it. Everybody is signed out.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn begin_restore(&self, from: &str) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.one(&MARK, params![from, self.clock().now_micros()]);
        unit.run(&END_SESSIONS, vec![]);
        self.write(unit, Queue::Bulk).await?;
        for table in TABLES {
            let mut unit = Unit::new();
            let besides = if table.name == "setting" { format!(" WHERE key <> '{MARKER}'") } else { String::new() };
            unit.composed(format!("DELETE FROM {}{besides}", quoted(table.name)), vec![]);
            self.write(unit, Queue::Bulk).await?;
        }
        Ok(())
    }

    /// Writes rows of a table back; their cells stand in the order of `columns` and have their kinds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn restore_rows(
        &self,
        table: &BackupTable,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let names: Vec<_> = columns.iter().map(|column| quoted(&column.name)).collect();
        let insert = |rows: usize| {
            let rows: Vec<_> = (0..rows).map(|row| row_placeholders(row * names.len(), names.len())).collect();
            format!("INSERT INTO {} ({}) VALUES {}", quoted(table.name), names.join(", "), rows.join(", "))
        };
        let full = insert(INSERT_ROWS);
        let mut unit = Unit::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let slice: Vec<_> = rows.by_ref().take(INSERT_ROWS).collect();
            if slice.len() == INSERT_ROWS {
                unit.composed(full.clone(), slice.into_iter().flatten().collect());
            } else {
                // Single rows keep the number of different statements small: each connection keeps those it prepared.
                for row in slice {
                    unit.composed(insert(1), row);
                }
            }
        }
        self.write(unit, Queue::Bulk).await.map(|_| ())
    }

    /// Ends a restore: entries go on after those of the backup, and the mark is taken away.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn end_restore(&self, counters: &BTreeMap<String, i64>) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        for table in TABLES.iter().filter(|table| table.is_numbered) {
            let Some(last) = counters.get(table.name).copied().filter(|last| *last > 0) else { continue };
            unit.run(&FORGET_COUNTER, params![table.name]);
            unit.run(&SET_COUNTER, params![table.name, last]);
        }
        unit.one(&UNMARK, vec![]);
        unit.mark_restored(self);
        self.write(unit, Queue::Bulk).await.map(|_| ())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', ""))
}

fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

fn row_placeholders(before: usize, count: usize) -> String {
    format!("({})", placeholders(before + 1, count))
}
