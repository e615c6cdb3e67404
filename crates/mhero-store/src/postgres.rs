//! PostgreSQL: a unit is one transaction, its statements are sent without waiting for each answer.

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures::future::join_all;
use tokio_postgres::{
    NoTls,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use crate::{Done, Engine, Row, StoreError, Unit, Value, disk::Disk, unit::Sql, unit::guard_failed};

/// Connections of one node.
const CONNECTIONS_MAX: usize = 16;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    disk: Disk,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres")
    }
}

impl Postgres {
    /// Connects, and checks that the server flushes before it answers.
    pub(crate) async fn open(url: &str, disk: Disk) -> Result<Self, StoreError> {
        let config: tokio_postgres::Config =
            url.parse().map_err(|_| StoreError::Unreachable { detail: "the database URL can't be read".into() })?;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS_MAX)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| StoreError::Unreachable { detail: e.to_string() })?;
        let postgres = Self { pool, disk };
        postgres.refuse_unsafe_settings().await?;
        Ok(postgres)
    }

    async fn refuse_unsafe_settings(&self) -> Result<(), StoreError> {
        let client = self.client().await?;
        for setting in ["fsync", "synchronous_commit"] {
            let row = client
                .query_one("SELECT current_setting($1)", &[&setting])
                .await
                .map_err(|e| classify("current_setting", &e))?;
            if row.get::<_, String>(0) == "off" {
                return Err(StoreError::UnsafeSetting { setting });
            }
        }
        Ok(())
    }

    pub(crate) async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|e| StoreError::Unreachable { detail: e.to_string() })
    }

    pub(crate) async fn write(&self, unit: &Unit) -> Result<Done, StoreError> {
        let mut client = self.client().await?;
        let mut prepared = Vec::with_capacity(unit.steps.len());
        for step in &unit.steps {
            prepared.push(prepare(&client, &step.sql, &step.params).await?);
        }
        let transaction = client.transaction().await.map_err(|e| classify("BEGIN", &e))?;
        let answers = join_all(unit.steps.iter().zip(&prepared).map(|(step, statement)| {
            let transaction = &transaction;
            async move {
                let params: Vec<&(dyn ToSql + Sync)> = step.params.iter().map(|p| p as _).collect();
                transaction.execute(statement, &params).await.map_err(|e| classify(step.sql.name(), &e))
            }
        }))
        .await;
        // The first step that failed tells why, as on SQLite: where a guard failed, a later step may have broken a unique
        // rule for no other reason than that.
        let mut rows = Vec::with_capacity(answers.len());
        for (number, (step, answer)) in unit.steps.iter().zip(answers).enumerate() {
            let failure = match answer {
                Ok(touched) if step.guard.holds(touched) => {
                    rows.push(touched);
                    continue;
                }
                Ok(_) => guard_failed(number),
                Err(error) => error,
            };
            transaction.rollback().await.map_err(|e| classify("ROLLBACK", &e))?;
            return Err(failure);
        }
        let fault = self.disk.fault();
        if let Some(fault) = fault.filter(|fault| !fault.is_stored()) {
            transaction.rollback().await.map_err(|e| classify("ROLLBACK", &e))?;
            return Err(fault.error(Engine::Postgres));
        }
        transaction.commit().await.map_err(|e| classify("COMMIT", &e))?;
        fault.map_or(Ok(Done { rows }), |fault| Err(fault.error(Engine::Postgres)))
    }
}

/// Prepares with declared types, from the kinds of the parameters; the connection keeps it.
async fn prepare(client: &Object, sql: &Sql, params: &[Value]) -> Result<tokio_postgres::Statement, StoreError> {
    let types: Vec<Type> = params.iter().map(Value::postgres_type).collect();
    client.prepare_typed_cached(&sql.text(Engine::Postgres), &types).await.map_err(|e| classify(sql.name(), &e))
}

/// Runs a query on a connection, which may stand in a transaction.
pub(crate) async fn query(client: &Object, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, StoreError> {
    let statement = match sql {
        Sql::Named(_) => prepare(client, sql, params).await?,
        // Audiences are asked for in ever new words: a connection that kept them all would grow for ever.
        Sql::Composed(text) => {
            let types: Vec<Type> = params.iter().map(Value::postgres_type).collect();
            client.prepare_typed(text, &types).await.map_err(|e| classify(sql.name(), &e))?
        }
    };
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
    let rows = client.query(&statement, &params).await.map_err(|e| classify(sql.name(), &e))?;
    rows.iter().map(|row| read(row, sql.name())).collect()
}

fn read(row: &tokio_postgres::Row, name: &str) -> Result<Row, StoreError> {
    let mut cells = Vec::with_capacity(row.len());
    for (number, column) in row.columns().iter().enumerate() {
        let wrong = |detail: String| StoreError::Value { statement: name.to_owned(), column: number, detail };
        let failed = |e: tokio_postgres::Error| wrong(e.to_string());
        cells.push(match *column.type_() {
            Type::INT8 => Value::Int(row.try_get(number).map_err(failed)?),
            Type::INT4 => Value::Int(row.try_get::<_, Option<i32>>(number).map_err(failed)?.map(i64::from)),
            Type::FLOAT8 => Value::Float(row.try_get(number).map_err(failed)?),
            Type::BOOL => Value::Bool(row.try_get(number).map_err(failed)?),
            Type::TEXT | Type::VARCHAR | Type::NAME => Value::Text(row.try_get(number).map_err(failed)?),
            Type::BYTEA => Value::Bytes(row.try_get(number).map_err(failed)?),
            ref other => return Err(wrong(format!("a column of type {other} must be cast"))),
        });
    }
    Ok(Row { cells })
}

pub(crate) fn classify(statement: &str, error: &tokio_postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        return StoreError::Database { statement: statement.to_owned(), detail: error.to_string() };
    };
    match *db.code() {
        SqlState::UNIQUE_VIOLATION => {
            StoreError::Exists { rule: db.constraint().unwrap_or("a unique rule").to_owned() }
        }
        SqlState::T_R_DEADLOCK_DETECTED | SqlState::T_R_SERIALIZATION_FAILURE => StoreError::Contention,
        SqlState::DISK_FULL => StoreError::DiskFull,
        SqlState::IO_ERROR => StoreError::FlushFailed { detail: db.message().to_owned() },
        // The detail of a PostgreSQL error may quote values, so only its message is kept.
        _ => StoreError::Database { statement: statement.to_owned(), detail: db.message().to_owned() },
    }
}

impl Value {
    const fn postgres_type(&self) -> Type {
        match self {
            Self::Int(_) => Type::INT8,
            Self::Float(_) => Type::FLOAT8,
            Self::Bool(_) => Type::BOOL,
            Self::Text(_) | Self::Null => Type::TEXT,
            Self::Bytes(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Int(x) => x.to_sql(ty, out),
            Self::Float(x) => x.to_sql(ty, out),
            Self::Bool(x) => x.to_sql(ty, out),
            Self::Text(x) => x.to_sql(ty, out),
            Self::Bytes(x) => x.to_sql(ty, out),
            Self::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// What the server or the driver said, without the values that a detail may quote.
pub(crate) fn detail(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned())
}
