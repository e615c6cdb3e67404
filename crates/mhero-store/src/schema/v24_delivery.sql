-- What holds messages back, what operators block, and when phones say that their texts were written.

-- Hours in which nothing but alerts and answers goes to the people of a place and below; the nearest place up the tree wins.
-- Minutes since midnight; the same twice: no hours. rest_days: a sum of 1 for Monday, 2 for Tuesday, up to 64 for Sunday.
CREATE TABLE quiet_rule (
    place {id} PRIMARY KEY,
    from_minute {int} NOT NULL,
    until_minute {int} NOT NULL,
    rest_days {int} NOT NULL,
    set_at {int} NOT NULL
) {compact};

-- Why a message in the outbox waits, and until when. reason: quiet-hours, rest-day, cap-day, cap-week, cap-programme-day,
-- cap-programme-week.
CREATE TABLE message_hold (
    message {id} PRIMARY KEY,
    broadcast {id},
    reason {text} NOT NULL,
    place {id},
    until {int} NOT NULL,
    at {int} NOT NULL
) {compact};
CREATE INDEX message_hold_broadcast ON message_hold (broadcast, reason);
CREATE INDEX message_hold_until ON message_hold (until);

-- For how many minutes after they were written the messages of a broadcast are worth sending.
CREATE TABLE broadcast_validity (
    broadcast {id} PRIMARY KEY,
    minutes {int} NOT NULL
) {compact};

-- Lists of numbers that operators block, as they were imported. Taken back: its numbers are gone, the row stays.
CREATE TABLE operator_block_list (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    numbers {int} NOT NULL,
    unreadable {int} NOT NULL,
    imported_by {id},
    imported_at {int} NOT NULL,
    undone_at {int}
) {strict};
CREATE TABLE operator_block (
    path {text} NOT NULL,
    list {id} NOT NULL,
    PRIMARY KEY (path, list)
) {compact};
CREATE INDEX operator_block_of_list ON operator_block (list, path);

-- When the operator or the phone says that a text was written, where it says so; a text and its message have the same id.
-- note: empty, or ahead or old where the time said could not be true and the nearest that could stands here.
CREATE TABLE said_time (
    message {id} PRIMARY KEY,
    said_at {int} NOT NULL,
    note {text} NOT NULL
) {compact};

-- Texts that came when the flow they answer no longer waited.
CREATE TABLE late_answer (
    message {id} PRIMARY KEY,
    session {id} NOT NULL,
    flow {id} NOT NULL,
    person {id} NOT NULL,
    received_at {int} NOT NULL
) {compact};
CREATE INDEX late_answer_flow ON late_answer (flow, received_at);
CREATE INDEX late_answer_session ON late_answer (session);
