-- A RapidPro that a country keeps, as a back end: flows that run there, what it was asked to do, and what was read back.

-- A flow of a source that stands here as one of ours, so that it can be started and its results read like any other. remote is its
-- id there; empty for the one through which texts are sent.
CREATE TABLE backend_flow (
    flow {id} PRIMARY KEY,
    source {id} NOT NULL,
    remote {text} NOT NULL,
    kind {text} NOT NULL,
    gone {bool} NOT NULL,
    seen_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX backend_flow_remote ON backend_flow (source, remote);

-- One call to it: a row before it is made. state: waiting, calling, taken, uncertain, refused, cancelled. fence is that of the lease
-- under which it was made: a later one tells that who made it is gone. remote is the id that it was given there.
CREATE TABLE backend_call (
    id {id} PRIMARY KEY,
    source {id} NOT NULL,
    start {id} NOT NULL,
    number {int} NOT NULL,
    flow {text} NOT NULL,
    state {text} NOT NULL,
    fence {int} NOT NULL,
    remote {text},
    attempts {int} NOT NULL,
    next_at {int},
    reason {text} NOT NULL,
    called_at {int},
    answered_at {int},
    created_at {int} NOT NULL,
    version {int} NOT NULL,
    UNIQUE (start, number)
) {strict};
CREATE INDEX backend_call_due ON backend_call (source, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX backend_call_state ON backend_call (source, state, created_at);
CREATE UNIQUE INDEX backend_call_remote ON backend_call (source, remote);

-- For whom a call is. state: waiting, started, conflict, refused, stopped, cancelled.
CREATE TABLE backend_person (
    start {id} NOT NULL,
    person {id} NOT NULL,
    call {id} NOT NULL,
    contact {text},
    state {text} NOT NULL,
    reason {text} NOT NULL,
    PRIMARY KEY (start, person)
) {compact};
CREATE INDEX backend_person_call ON backend_person (call);

-- Which contact there is whom here, as far as their messages and runs have told.
CREATE TABLE backend_contact (
    source {id} NOT NULL,
    contact {text} NOT NULL,
    person {id} NOT NULL,
    seen_at {int} NOT NULL,
    PRIMARY KEY (source, contact)
) {compact};

-- Messages and runs that came from there. kind: message, run.
CREATE TABLE backend_item (
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    source {id} NOT NULL,
    remote {text} NOT NULL,
    PRIMARY KEY (kind, entity)
) {compact};

-- How far a list was read: from watermark on; cursor is where a reading that was cut short goes on, newest what it has seen, and
-- looked_at when messages of which more is expected were last read again.
CREATE TABLE backend_list (
    source {id} NOT NULL,
    list {text} NOT NULL,
    watermark {int},
    cursor {text},
    newest {int},
    looked_at {int},
    pulled_at {int},
    next_at {int} NOT NULL,
    failures {int} NOT NULL,
    reason {text} NOT NULL,
    items {int} NOT NULL,
    PRIMARY KEY (source, list)
) {compact};

-- What somebody has to look at: a contact that is several people here, a run that nobody can be found for.
CREATE TABLE backend_problem (
    source {id} NOT NULL,
    subject {text} NOT NULL,
    kind {text} NOT NULL,
    person {id},
    at {int} NOT NULL,
    PRIMARY KEY (source, subject, kind)
) {compact};
