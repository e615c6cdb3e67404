//! Every statement of every noun is understood by both engines: tables, columns and kinds are there.

use mhero_store::{Engine, Statement, StoreError, Value, registry};

use crate::{Bench, on_both};

/// Parameters of a statement: the greatest number that it names.
fn count_params(text: &str) -> usize {
    let numbers = text.split(['$', '?']).skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

/// Lets an engine read a statement without running it.
async fn understands(bench: &Bench, statement: &Statement, at: usize) -> Result<(), StoreError> {
    let engine = bench.store.engine();
    let text = statement.text(engine);
    let (asked, params) = match engine {
        Engine::Postgres => (format!("PREPARE understood_{at} AS {text}"), 0),
        Engine::Sqlite => (format!("EXPLAIN {text}"), count_params(text)),
    };
    let asked: &'static Statement = Box::leak(Box::new(Statement::both("test::prepared", asked.leak())));
    match bench.store.query(asked, vec![Value::Int(None); params]).await {
        // Its values have a kind, which is told with them.
        Err(error) if error.to_string().contains("could not determine data type of parameter") => Ok(()),
        other => other.map(|_| ()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_both_engines() {
    on_both(async |bench: &Bench| {
        let (mut count, mut wrong) = (0, Vec::new());
        for (at, statement) in registry().enumerate() {
            count += 1;
            if let Err(error) = understands(bench, statement, at).await {
                wrong.push(format!("{}: {error}", statement.name));
            }
        }
        assert!(count > 600, "the registry knows {count} statements");
        assert!(wrong.is_empty(), "{:?}: {wrong:#?}", bench.store.engine());
    })
    .await;
}
