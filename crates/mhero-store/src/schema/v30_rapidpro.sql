-- What an API in the shape of RapidPro's speaks of and mHero has no noun of its own for.

-- Whole numbers of messages and runs, given when somebody first reads them.
CREATE TABLE rapidpro_number (
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    number {int} NOT NULL,
    PRIMARY KEY (kind, entity)
) {compact};
CREATE UNIQUE INDEX rapidpro_number_of ON rapidpro_number (kind, number);

-- How a broadcast or a start of a flow was asked for: JSON, with the contacts, groups and addresses that its query was made of.
CREATE TABLE rapidpro_asked (
    entity {id} PRIMARY KEY,
    body {text} NOT NULL
) {strict};

CREATE TABLE message_label (
    label {id} NOT NULL,
    message {id} NOT NULL,
    added_at {int} NOT NULL,
    PRIMARY KEY (label, message)
) {compact};
CREATE INDEX message_label_message ON message_label (message);

-- mark: archived, deleted. Messages stay where officials read them.
CREATE TABLE message_mark (
    message {id} PRIMARY KEY,
    mark {text} NOT NULL,
    marked_at {int} NOT NULL
) {strict};

-- mark: blocked, deleted.
CREATE TABLE contact_mark (
    person {id} NOT NULL,
    mark {text} NOT NULL,
    marked_at {int} NOT NULL,
    PRIMARY KEY (person, mark)
) {compact};

-- Who gets what call_resthook sends. The asset `resthook` of flows holds the same addresses.
CREATE TABLE resthook_subscriber (
    number {int} PRIMARY KEY,
    resthook {text} NOT NULL,
    target_url {text} NOT NULL,
    created_at {int} NOT NULL,
    created_by {id},
    UNIQUE (resthook, target_url)
) {strict};

CREATE INDEX person_modified ON person (updated_at, id);

-- When something in a run last changed; exited_at where it has ended.
ALTER TABLE flow_run ADD COLUMN modified_at {int};
CREATE INDEX flow_run_modified ON flow_run ((COALESCE(exited_at, modified_at, started_at)), id);
