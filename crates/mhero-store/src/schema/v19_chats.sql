-- What a message offers as buttons where the channel has them, a list in JSON; and whether one of them shows the phone number of whoever
-- presses it. On phones without buttons the text says it all.
CREATE TABLE message_choice (
    message {id} PRIMARY KEY,
    choices {text} NOT NULL,
    asks_number {bool} NOT NULL,
    created_at {int} NOT NULL
) {compact};
CREATE INDEX message_choice_by_time ON message_choice (created_at);
