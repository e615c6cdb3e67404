-- What messages cost: prices, budgets, what operators billed. Money stands in micro-units of the installation's currency.

-- What one SMS (one segment) costs by a channel to or from numbers that begin alike, from an instant on. A row is never changed: another
-- price is another row, and one that holds already stays.
CREATE TABLE price (
    id {id} PRIMARY KEY,
    channel {id} NOT NULL,
    -- What the numbers begin with, in E.164; '+' for all that nothing longer fits.
    prefix {text} NOT NULL,
    -- The operator as it was called; empty for everybody else.
    operator {text} NOT NULL,
    direction {text} NOT NULL,
    -- ministry, or worker: then it costs us nothing.
    payer {text} NOT NULL,
    micros {int} NOT NULL,
    valid_from {int} NOT NULL,
    created_at {int} NOT NULL,
    UNIQUE (channel, prefix, direction, valid_from)
) {strict};

-- Segments of one submission: one, but for carriers that take long texts whole.
ALTER TABLE submission ADD COLUMN segments {int};

-- programme: NULL for all that the installation sends. lifted_until: until when nothing is held back although it is used up.
CREATE TABLE budget (
    id {id} PRIMARY KEY,
    programme {id},
    -- month, or total since an instant.
    period {text} NOT NULL,
    since {int} NOT NULL,
    micros {int} NOT NULL,
    warn_percent {int} NOT NULL,
    stops {bool} NOT NULL,
    lifted_until {int},
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

-- A broadcast that is paused because a budget is used up.
CREATE TABLE budget_hold (
    broadcast {id} PRIMARY KEY,
    budget {id} NOT NULL,
    held_at {int} NOT NULL
) {compact};

-- What an operator billed for some days, compared with what we sent.
CREATE TABLE bill (
    id {id} PRIMARY KEY,
    channel {id} NOT NULL,
    name {text} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    lines {int} NOT NULL,
    agreed {int} NOT NULL,
    differing {int} NOT NULL,
    segments {int} NOT NULL,
    our_segments {int} NOT NULL,
    micros {int},
    our_micros {int} NOT NULL,
    brought_by {id},
    created_at {int} NOT NULL
) {strict};
CREATE INDEX bill_created ON bill (created_at);

-- Where they differ. path: only of what we never sent, and only for a time.
CREATE TABLE bill_difference (
    bill {id} NOT NULL,
    number {int} NOT NULL,
    kind {text} NOT NULL,
    line {int},
    message {id},
    path {text},
    at {int},
    segments {int},
    our_segments {int},
    micros {int},
    our_micros {int},
    PRIMARY KEY (bill, number)
) {compact};
