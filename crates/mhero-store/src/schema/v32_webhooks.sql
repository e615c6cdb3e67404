-- Web hooks of neighbours' programs: what each is told, and how far it has heard.

-- id: the notice_target. events: words with spaces between. change_from and shown_from: how far the change feed and the versions of what
-- is shown were looked through for it. sequence: the number of its last event. told_at: when the administrators were told that it failed.
CREATE TABLE web_hook (
    id {id} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    events {text} NOT NULL,
    change_from {int} NOT NULL,
    shown_from {int} NOT NULL,
    sequence {int} NOT NULL,
    told_at {int},
    version {int} NOT NULL
) {strict};
CREATE INDEX notice_open ON notice (state, created_at, id) WHERE state <> 'done';
