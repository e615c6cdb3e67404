-- Synchronisation with registries: its runs, what each of them changed, what is due, and who owns which field.

-- gone_at: since when the source no longer has the record; its pieces no longer count. inactive: the source says that the
-- person has left or the place is closed.
ALTER TABLE source_record ADD COLUMN gone_at {int};
ALTER TABLE source_record ADD COLUMN inactive {bool};

-- What is due and how the last runs of a source went. reason is JSON of a locale key and its variables.
CREATE TABLE sync_state (
    source {id} PRIMARY KEY,
    queued_at {int},
    queued_why {text},
    allow_removals {bool} NOT NULL,
    next_at {int},
    succeeded_at {int},
    failed_at {int},
    failures {int} NOT NULL,
    reason {text},
    silent_told_at {int}
) {strict};

-- One run. kind: pull, import, undo, replay, derive. state: running, done, failed, asks, refused, undone. run_of: the run that is
-- undone or replayed. since and watermark: from where it read, and from where the next one reads.
CREATE TABLE sync_run (
    id {id} PRIMARY KEY,
    source {id} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    why {text} NOT NULL,
    run_of {id},
    since {text},
    watermark {text},
    whole {bool} NOT NULL,
    summary {text} NOT NULL,
    reason {text},
    started_by {id},
    began_at {int} NOT NULL,
    ended_at {int}
) {strict};
CREATE INDEX sync_run_source ON sync_run (source, began_at);

-- What a run did to a record. What stood there before is kept here; what stood there after is the before of the next change,
-- or the record itself. before_digest is NULL for a record that was not there, after_digest for one that has gone.
CREATE TABLE record_change (
    id {id} PRIMARY KEY,
    run {id} NOT NULL,
    source_record {id} NOT NULL,
    at {int} NOT NULL,
    verdict {text} NOT NULL,
    origin {text} NOT NULL,
    matched_by {text},
    before_digest {bytes},
    before_raw {text},
    before_content {text},
    after_digest {bytes},
    retention {text} NOT NULL
) {strict};
CREATE INDEX record_change_run ON record_change (run, id);
CREATE INDEX record_change_record ON record_change (source_record, id);
CREATE INDEX record_change_at ON record_change (at);

-- What a run could not take, and what the administrator should know. verdict: rejected, warning, remark, removal.
CREATE TABLE sync_problem (
    id {id} PRIMARY KEY,
    run {id} NOT NULL,
    verdict {text} NOT NULL,
    origin {text} NOT NULL,
    element {text} NOT NULL,
    reason {text} NOT NULL,
    raw {text} NOT NULL,
    retention {text} NOT NULL
) {strict};
CREATE INDEX sync_problem_run ON sync_problem (run, verdict, id);

-- Whose value of a field counts before the ranks of the sources: the lower number first.
CREATE TABLE ownership (
    field {text} NOT NULL,
    source {id} NOT NULL,
    rank {int} NOT NULL,
    PRIMARY KEY (field, source)
) {compact};

-- Where an official of the console is told by SMS what can't wait.
CREATE TABLE user_phone (
    owner {id} PRIMARY KEY,
    path {text} NOT NULL
) {strict};

CREATE INDEX absence_record ON absence (source_record);
CREATE INDEX absence_end ON absence (end_at);
