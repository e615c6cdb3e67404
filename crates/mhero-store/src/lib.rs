//! All SQL and migrations, on SQLite and PostgreSQL.
