-- Lines that are held open to an operator.

-- A piece of a text that phones sent in several: kept from when it was acknowledged until the text is whole, and a while
-- longer, so that a piece that comes again is known. Its letters are UTF-16, the high octet first.
CREATE TABLE intake_piece (
    channel {id} NOT NULL,
    path {text} NOT NULL,
    reference {int} NOT NULL,
    parts {int} NOT NULL,
    number {int} NOT NULL,
    units {bytes} NOT NULL,
    received_at {int} NOT NULL,
    done_at {int},
    PRIMARY KEY (channel, path, reference, parts, number)
) {compact};
CREATE INDEX intake_piece_by_time ON intake_piece (received_at);

-- A receipt that came before the answer to the submission it is of, once for each notation of its id. It counts only for a
-- message to this phone.
CREATE TABLE early_receipt (
    channel {id} NOT NULL,
    carrier_id {text} NOT NULL,
    path {text} NOT NULL,
    state {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (channel, carrier_id, path, state)
) {compact};
CREATE INDEX early_receipt_by_time ON early_receipt (at);
