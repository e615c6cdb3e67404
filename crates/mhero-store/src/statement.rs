//! Statements: one text for both engines, `$1` placeholders, all in one registry.

use std::{borrow::Cow, sync::OnceLock};

use crate::{Engine, nouns};

/// A named statement. Where the engines must differ, both texts stand side by side.
#[derive(Debug)]
pub struct Statement {
    /// Its name, for errors, traces and the test that each ran on both engines.
    pub name: &'static str,
    sql: &'static str,
    sqlite: Option<&'static str>,
    rewritten: OnceLock<String>,
}

impl Statement {
    /// A statement with one text for both engines.
    pub const fn both(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, sqlite: None, rewritten: OnceLock::new() }
    }

    /// A statement that must differ.
    pub const fn pair(name: &'static str, postgres: &'static str, sqlite: &'static str) -> Self {
        Self { name, sql: postgres, sqlite: Some(sqlite), rewritten: OnceLock::new() }
    }

    /// The text for an engine, with the engine's placeholders.
    pub fn text(&self, engine: Engine) -> &str {
        match engine {
            Engine::Postgres => self.sql,
            Engine::Sqlite => self.rewritten.get_or_init(|| for_sqlite(self.sqlite.unwrap_or(self.sql))),
        }
    }
}

/// A text as SQLite takes it.
///
/// Where NULLs come is said in every `ORDER BY`. Ascending order stands only on columns that are never NULL (ties apart), and
/// there SQLite reads an index only in its own order, so the words fall away.
pub(crate) fn for_sqlite(sql: &str) -> String {
    rewrite_placeholders(sql).replace("ASC NULLS LAST", "ASC")
}

/// Turns `$1` into `?1` outside quotes: SQLite would take `$1` for a name and number it by first appearance.
pub fn rewrite_placeholders(sql: &str) -> Cow<'_, str> {
    if !sql.contains('$') {
        return Cow::Borrowed(sql);
    }
    let mut out = String::with_capacity(sql.len());
    let mut quote: Option<char> = None;
    for c in sql.chars() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            _ => {}
        }
        out.push(if c == '$' && quote.is_none() { '?' } else { c });
    }
    Cow::Owned(out)
}

/// Declares the statements of a module: statics, and `ALL` for the registry.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:tt $(| $sqlite:tt)?;)+) => {
        $(
            $(#[$doc])*
            static $name: $crate::Statement = $crate::statement::statements!(@one $name $sql $($sqlite)?);
        )+
        /// Every statement of this module.
        pub(crate) static ALL: &[&$crate::Statement] = &[$(&$name),+];
    };
    (@one $name:ident $sql:tt) => { $crate::Statement::both(concat!(module_path!(), "::", stringify!($name)), $sql) };
    (@one $name:ident $sql:tt $sqlite:tt) => {
        $crate::Statement::pair(concat!(module_path!(), "::", stringify!($name)), $sql, $sqlite)
    };
}
pub(crate) use statements;

/// A condition that narrows a read to people within the scope: `$all` is [`mhero_core::Scope::all_places`], `$principal`
/// the user or token. Grants are read live, so that one taken away counts at once.
macro_rules! person_in_scope {
    ($person:literal, $all:literal, $principal:literal) => {
        concat!(
            "(",
            $all,
            " OR EXISTS (SELECT 1 FROM position scope_position ",
            "JOIN place_closure scope_closure ON scope_closure.descendant = scope_position.place ",
            "JOIN role_grant scope_grant ON scope_grant.place = scope_closure.ancestor ",
            "WHERE scope_position.person = ",
            $person,
            " AND scope_position.active AND scope_grant.principal = ",
            $principal,
            "))"
        )
    };
}
pub(crate) use person_in_scope;

/// The condition that a person has asked at a number or in a chat of their own that nothing be sent: it counts for all of theirs. A
/// number that another health worker has, too, speaks for nobody but itself, and who blocks a chat without a word has left that chat.
macro_rules! has_left_all {
    ($person:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM person_urn left_urn JOIN stop left_stop ON left_stop.scheme = left_urn.scheme ",
            "AND left_stop.path = left_urn.path AND left_stop.list = '' ",
            "AND (left_urn.scheme = 'tel' OR left_stop.message IS NOT NULL) WHERE left_urn.person = ",
            $person,
            " AND NOT EXISTS (SELECT 1 FROM person_urn left_other JOIN person left_holder ON left_holder.id = left_other.person ",
            "WHERE left_other.path = left_urn.path AND left_other.scheme = left_urn.scheme ",
            "AND left_other.person <> left_urn.person AND left_holder.standing = 'worker' AND left_holder.active ",
            "AND NOT EXISTS (SELECT 1 FROM person_alias left_alias WHERE left_alias.alias = left_other.person)))"
        )
    };
}
pub(crate) use has_left_all;

/// Every statement of the store, so that a test proves that each ran on both engines.
pub fn registry() -> impl Iterator<Item = &'static Statement> {
    nouns::statements()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_in_quotes_stay() {
        assert_eq!(rewrite_placeholders("SELECT '$1', \"$2\", $3"), "SELECT '$1', \"$2\", ?3");
        assert_eq!(rewrite_placeholders("SELECT 'it''s $1', $1"), "SELECT 'it''s $1', ?1");
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = registry().map(|s| s.name).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(before, names.len());
    }
}
