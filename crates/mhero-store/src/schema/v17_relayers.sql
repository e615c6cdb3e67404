-- Phones that carry texts with the Android app.

-- A phone that has registered. `number` is what the app knows itself by. Before somebody types its code on the page of a channel it has
-- none; after `released_at` it is told to forget us.
CREATE TABLE relayer (
    number {int} PRIMARY KEY,
    channel {id},
    secret {bytes} NOT NULL,
    claim_code {text},
    status {text} NOT NULL,
    registered_at {int} NOT NULL,
    claimed_at {int},
    seen_at {int} NOT NULL,
    open_until {int} NOT NULL,
    released_at {int}
) {strict};
CREATE UNIQUE INDEX relayer_code ON relayer (claim_code);
CREATE INDEX relayer_channel ON relayer (channel);

-- A text for such a phone, under the number by which the app knows it. state: queued (the phone does not have it), handed (it was in an
-- answer to the phone), taken (the phone says that it has it), sent, delivered, failed, withdrawn (never handed over).
CREATE TABLE relayed (
    number {int} PRIMARY KEY,
    channel {id} NOT NULL,
    message {id} NOT NULL,
    submission {id} NOT NULL,
    state {text} NOT NULL,
    errors {int} NOT NULL,
    queued_at {int} NOT NULL,
    handed_at {int}
) {strict};
CREATE INDEX relayed_waiting ON relayed (channel, number) WHERE state IN ('queued', 'handed');
CREATE INDEX relayed_message ON relayed (message);
CREATE INDEX relayed_submission ON relayed (submission);
