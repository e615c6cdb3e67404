//! The verbs of the product: use cases, transactions and jobs.
