-- Whose people may be addressed by whom, what is asked of registries beyond reading them, and what they tell of stops.

-- Who owns the people of a source, and whether messages of others may go to them. others: yes, no. programme: the one whose messages are
-- the owner's own; NULL where none is said.
CREATE TABLE source_consent (
    source {id} PRIMARY KEY,
    programme {id},
    others {text} NOT NULL,
    said_at {int} NOT NULL,
    said_by {id}
) {strict};

-- The source that says that a number was stopped; NULL for one that asked us. A source takes back only what sources said.
ALTER TABLE stop ADD COLUMN source {id};

-- Numbers of which a source says just now that they were stopped there, by its record. Kept apart from stop: whoever then asks us to
-- start is heard, and the source does not silence them again as long as it says nothing new.
CREATE TABLE source_stop (
    source {id} NOT NULL,
    record {text} NOT NULL,
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    said_at {int} NOT NULL,
    PRIMARY KEY (source, record, scheme, path)
) {compact};
CREATE INDEX source_stop_path ON source_stop (scheme, path);

-- What we asked a registry to tell us of. kind: Practitioner. ext_id: the id of the subscription there; empty while it is being made.
-- state: asked, active, error, off. reason: what the server says, as it says it.
CREATE TABLE source_subscription (
    source {id} NOT NULL,
    kind {text} NOT NULL,
    ext_id {text} NOT NULL,
    state {text} NOT NULL,
    reason {text} NOT NULL,
    made_at {int} NOT NULL,
    looked_at {int} NOT NULL,
    PRIMARY KEY (source, kind)
) {compact};

-- Whom we wrote out to an instance that a country keeps: under which id it holds them, and a digest of what was written last.
CREATE TABLE written_out (
    source {id} NOT NULL,
    person {id} NOT NULL,
    ext_id {text} NOT NULL,
    digest {bytes} NOT NULL,
    state {text} NOT NULL,
    reason {text} NOT NULL,
    held {text} NOT NULL,
    written_at {int} NOT NULL,
    PRIMARY KEY (source, person)
) {compact};
