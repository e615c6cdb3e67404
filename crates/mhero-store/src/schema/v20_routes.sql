-- Which channel reaches which numbers, and which one takes over where it is away for long.

CREATE TABLE route (
    -- What the numbers begin with, in E.164; '+' for all that nothing longer fits.
    prefix {text} PRIMARY KEY,
    -- The operator as it was called; empty for everybody else.
    operator {text} NOT NULL,
    channel {id} NOT NULL,
    next_channel {id},
    after_seconds {int} NOT NULL,
    -- How many messages the next channel was given, and when last.
    moved {int} NOT NULL,
    moved_at {int}
) {compact};
