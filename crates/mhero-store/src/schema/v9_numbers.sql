-- What is known of each number, from evidence.

-- One row a number that was ever tried or judged. failures counts those since it last worked; last_error is the carrier's code or
-- words. wrong_since: somebody there said that they are not who we write to. checking: a re-verification waits for an answer.
CREATE TABLE number_health (
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    tried {int} NOT NULL,
    delivered {int} NOT NULL,
    failures {int} NOT NULL,
    last_tried_at {int},
    last_worked_at {int},
    last_failed_at {int},
    last_error {text},
    wrong_since {int},
    wrong_message {id},
    verified_at {int},
    operator {text},
    PRIMARY KEY (scheme, path)
) {compact};
CREATE INDEX number_health_bad ON number_health (failures) WHERE failures > 0;
CREATE INDEX number_health_wrong ON number_health (wrong_since) WHERE wrong_since IS NOT NULL;

-- Numbers of which somebody said that they are not this person's. Records that hold them do not bring them back.
CREATE TABLE number_not_theirs (
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    person {id} NOT NULL,
    since {int} NOT NULL,
    message {id},
    PRIMARY KEY (scheme, path, person)
) {compact};

-- Reach by day, place of the second level and operator: what was tried and what arrived. place is the empty id where none is known.
CREATE TABLE reach_day (
    day {text} NOT NULL,
    place {id} NOT NULL,
    operator {text} NOT NULL,
    tried {int} NOT NULL,
    delivered {int} NOT NULL,
    failed {int} NOT NULL,
    PRIMARY KEY (day, place, operator)
) {compact};

-- Up to which end of messages the two tables above are counted, so that a message counts once.
CREATE TABLE number_mark (
    id {int} PRIMARY KEY,
    done_at {int} NOT NULL,
    message {id} NOT NULL
) {strict};

CREATE INDEX message_done ON message (done_at, id) WHERE done_at IS NOT NULL;
