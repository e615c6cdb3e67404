-- Files that somebody brought to the console and has not decided about yet, so that every node sees them and a restart keeps them.
-- They hold rows about people: what is in them is sealed, and all of it goes after a day, or as soon as it was decided.

CREATE TABLE import_draft (
    id {id} NOT NULL PRIMARY KEY,
    -- The user who brought it; nobody else sees it.
    owner {id} NOT NULL,
    -- Sealed JSON: the names of file and source, and what was said of the columns.
    about {bytes} NOT NULL,
    parts {int} NOT NULL,
    bytes {int} NOT NULL,
    -- open, importing, done
    state {text} NOT NULL,
    -- The run that it became.
    run {id},
    -- How far the import is, and when its node last said so.
    records_read {int} NOT NULL,
    records_total {int},
    beat_at {int} NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL
) {strict};
CREATE INDEX import_draft_age ON import_draft (created_at);

CREATE TABLE import_draft_part (
    draft {id} NOT NULL,
    number {int} NOT NULL,
    -- Sealed.
    content {bytes} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (draft, number)
) {strict};
CREATE INDEX import_draft_part_age ON import_draft_part (created_at);
