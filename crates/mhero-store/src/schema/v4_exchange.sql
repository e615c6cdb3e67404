-- Every call to and from another system, and every decision of a person.

CREATE TABLE exchange (
    id {id} PRIMARY KEY,
    correlation {id} NOT NULL,
    direction {text} NOT NULL,
    peer {text} NOT NULL,
    protocol {text} NOT NULL,
    what {text} NOT NULL,
    outcome {text} NOT NULL,
    status {int},
    request {bytes},
    response {bytes},
    started_at {int} NOT NULL,
    took_micros {int}
) {strict};
CREATE INDEX exchange_started ON exchange (started_at, id);
CREATE INDEX exchange_peer ON exchange (peer, started_at);
CREATE INDEX exchange_correlation ON exchange (correlation);

-- By ids and digests, never with names, numbers or texts. block is the sealed block it belongs to.
CREATE TABLE audit (
    entry {serial},
    id {id} NOT NULL UNIQUE,
    at {int} NOT NULL,
    actor_kind {text} NOT NULL,
    actor {id},
    action {text} NOT NULL,
    about_kind {text},
    about {id},
    facts {text} NOT NULL,
    digest {bytes} NOT NULL,
    block {int}
) {strict};
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_unsealed ON audit (entry) WHERE block IS NULL;
CREATE INDEX audit_block_entry ON audit (block, entry);
CREATE INDEX audit_about ON audit (about);
CREATE INDEX audit_actor ON audit (actor, entry);

CREATE TABLE audit_block (
    number {int} PRIMARY KEY,
    previous {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    first_entry {int} NOT NULL,
    last_entry {int} NOT NULL,
    sealed_at {int} NOT NULL
) {strict};
