-- Corrections on their way to the registry that owns them.

-- One value of a person or place that somebody says is another. subject_kind: person, place.
-- state: open, seconded (one of two has accepted), accepted, rejected, writing, written, conflict, failed, withdrawn (the worker objected).
-- channel of evidence: message (evidence_message), console (evidence_by), import.
CREATE TABLE proposal (
    id {id} PRIMARY KEY,
    subject_kind {text} NOT NULL,
    subject {id} NOT NULL,
    field {text} NOT NULL,
    old_value {text},
    new_value {text} NOT NULL,
    new_place {id},
    said_by {id},
    evidence_kind {text} NOT NULL,
    evidence_message {id},
    evidence_by {id},
    confidence {int} NOT NULL,
    state {text} NOT NULL,
    source {id},
    source_record {id},
    record_digest {bytes},
    reason {text},
    conflict_value {text},
    attempts {int} NOT NULL,
    next_at {int},
    first_by {id},
    decided_by {id},
    decided_at {int},
    pushed_at {int},
    written_at {int},
    objection_until {int},
    objected_at {int},
    dedupe_key {text} NOT NULL UNIQUE,
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX proposal_state ON proposal (state, created_at);
CREATE INDEX proposal_subject ON proposal (subject, field);
CREATE INDEX proposal_due ON proposal (next_at) WHERE state = 'accepted' OR state = 'writing';

-- Somebody who says that they work here and stands in no registry. state: waiting (for the supervisor), approved (to be created),
-- creating, created, matched (is somebody we know), refused, failed.
CREATE TABLE candidate (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    scheme {text},
    path {text},
    cadre {text},
    place {id},
    place_text {text},
    supervisor {id},
    code {text},
    kind_of {text},
    state {text} NOT NULL,
    stranger {id},
    person {id},
    source {id},
    explanation {text} NOT NULL,
    reason {text},
    attempts {int} NOT NULL,
    next_at {int},
    decided_by {id},
    decided_at {int},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX candidate_state ON candidate (state, created_at);
CREATE INDEX candidate_path ON candidate (path);

-- What people answered about a facility, each kept: where answers differ a third is asked and a reviewer decides.
CREATE TABLE facility_answer (
    id {id} PRIMARY KEY,
    place {id} NOT NULL,
    field {text} NOT NULL,
    value {text} NOT NULL,
    said_by {id} NOT NULL,
    message {id},
    at {int} NOT NULL,
    settled {bool} NOT NULL
) {strict};
CREATE INDEX facility_answer_place ON facility_answer (place, field, at);

-- Values of places beside those that the register itself has.
CREATE TABLE place_value (
    place {id} NOT NULL,
    field {text} NOT NULL,
    value {text} NOT NULL,
    observed_at {int} NOT NULL,
    verified_at {int},
    PRIMARY KEY (place, field)
) {compact};
