-- Who called whom with what, and what was never to be done twice.

-- client: the account of an API, where it was known. address: from where it called. sent and received: octets of the bodies.
-- transaction_id: the number under which an exchange in between (OpenHIM) knows it. once: the key under which it is done once.
-- folded: how many calls just like it this row stands for beside itself. reason: why it failed, without numbers and texts.
ALTER TABLE exchange ADD COLUMN client {id};
ALTER TABLE exchange ADD COLUMN address {text};
ALTER TABLE exchange ADD COLUMN sent {int};
ALTER TABLE exchange ADD COLUMN received {int};
ALTER TABLE exchange ADD COLUMN transaction_id {text};
ALTER TABLE exchange ADD COLUMN once {text};
ALTER TABLE exchange ADD COLUMN rerun_of {id};
ALTER TABLE exchange ADD COLUMN folded {int};
ALTER TABLE exchange ADD COLUMN reason {text};
CREATE INDEX exchange_outcome ON exchange (outcome, started_at, id);
CREATE INDEX exchange_rerun ON exchange (rerun_of) WHERE rerun_of IS NOT NULL;
CREATE INDEX exchange_transaction ON exchange (transaction_id) WHERE transaction_id IS NOT NULL;

-- Calls to other systems that are made until they are answered. call: sealed, address, headers and body.
-- state: waiting, done, dead.
CREATE TABLE exchange_out (
    id {id} PRIMARY KEY,
    once {text} NOT NULL,
    purpose {text} NOT NULL,
    peer {text} NOT NULL,
    what {text} NOT NULL,
    call {bytes} NOT NULL,
    correlation {id} NOT NULL,
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    next_at {int} NOT NULL,
    status {int},
    reason {text},
    created_at {int} NOT NULL,
    ended_at {int}
) {strict};
CREATE UNIQUE INDEX exchange_out_once ON exchange_out (once);
CREATE INDEX exchange_out_due ON exchange_out (next_at) WHERE state = 'waiting';
CREATE INDEX exchange_out_state ON exchange_out (state, created_at, id);

-- Requests that carry a key, so that the same again changes nothing: the first answer is given again. answer: sealed.
-- state: open while it is worked on, done. digest: of method, address and body.
CREATE TABLE exchange_once (
    client {id} NOT NULL,
    once {text} NOT NULL,
    digest {bytes} NOT NULL,
    state {text} NOT NULL,
    status {int},
    answer {bytes},
    at {int} NOT NULL,
    PRIMARY KEY (client, once)
) {compact};
CREATE INDEX exchange_once_at ON exchange_once (at);

-- What narrows an account of an API beside its role: kinds of resources and networks (JSON lists, empty for all), and the keys
-- by which signed tokens of it are known.
CREATE TABLE client_rule (
    client {id} PRIMARY KEY,
    kinds {text} NOT NULL,
    networks {text} NOT NULL,
    issuer {text},
    audience {text},
    subject {text},
    keys {text},
    keys_url {text},
    keys_at {int},
    told_at {int},
    updated_at {int} NOT NULL
) {compact};
CREATE UNIQUE INDEX client_rule_signed ON client_rule (issuer, subject) WHERE issuer IS NOT NULL;
