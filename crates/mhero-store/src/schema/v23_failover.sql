-- Chats that people want to be written to by, what goes by SMS where a chat does not reach them, and corrections.

-- Who wants to be written to by a chat first. by_user: the official who noted it; NULL where the person said so.
CREATE TABLE person_way (
    person {id} PRIMARY KEY,
    scheme {text} NOT NULL,
    said_at {int} NOT NULL,
    by_user {id}
) {compact};

-- A message of a broadcast that went by a chat, and until when it may take to arrive there. path: the number that gets it by SMS
-- then, empty where there is none. state: open, arrived, overtaken, over. next: the SMS that overtook it.
CREATE TABLE chat_turn (
    message {id} PRIMARY KEY,
    person {id} NOT NULL,
    broadcast {id} NOT NULL,
    path {text} NOT NULL,
    due_at {int} NOT NULL,
    state {text} NOT NULL,
    next {id},
    ended_at {int}
) {strict};
CREATE INDEX chat_turn_due ON chat_turn (state, due_at);
CREATE INDEX chat_turn_broadcast ON chat_turn (broadcast, state);

-- A code that goes to somebody's phone, by which an account of a chat becomes theirs. It stands in no text that is kept: it is put
-- into the SMS as it leaves.
CREATE TABLE chat_code (
    digest {bytes} PRIMARY KEY,
    person {id} NOT NULL,
    message {id} NOT NULL,
    sealed {bytes} NOT NULL,
    expires_at {int} NOT NULL
) {compact};
CREATE INDEX chat_code_message ON chat_code (message);
CREATE INDEX chat_code_expires ON chat_code (expires_at);

-- The text of a broadcast as it goes by SMS, where it is shorter than the one for chats.
CREATE TABLE broadcast_short (
    broadcast {id} NOT NULL,
    language {text} NOT NULL,
    template {text} NOT NULL,
    PRIMARY KEY (broadcast, language)
) {compact};

-- Which broadcast a draft corrects. What is made of the draft has the draft's id as its once-only key.
CREATE TABLE correction (
    draft {id} PRIMARY KEY,
    corrects {id} NOT NULL,
    made_by {id},
    made_at {int} NOT NULL
) {compact};
CREATE INDEX correction_corrects ON correction (corrects);

-- What waits for a second person is a broadcast, or the start of a flow; its number is one for both. name and author of a start.
ALTER TABLE approval ADD COLUMN kind {text} NOT NULL DEFAULT 'broadcast';
ALTER TABLE approval ADD COLUMN number {int} NOT NULL DEFAULT 0;
ALTER TABLE approval ADD COLUMN name {text} NOT NULL DEFAULT '';
