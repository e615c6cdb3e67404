-- Rounds of questions about facilities. A round begins with the first answer about a place and ends when none of its answers
-- waits any more. flow is the one that asked last, by which a further colleague is asked.
CREATE TABLE facility_round (
    id {id} PRIMARY KEY,
    place {id} NOT NULL,
    flow {id} NOT NULL,
    opened_at {int} NOT NULL,
    closed_at {int},
    next_at {int},
    version {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX facility_round_open ON facility_round (place) WHERE closed_at IS NULL;
CREATE INDEX facility_round_due ON facility_round (next_at) WHERE next_at IS NOT NULL;

-- Colleagues whom we asked in a round, because those before them differ. begun is true once their flow was started.
CREATE TABLE facility_asked (
    round {id} NOT NULL,
    person {id} NOT NULL,
    at {int} NOT NULL,
    begun {bool} NOT NULL,
    PRIMARY KEY (round, person)
) {compact};

-- Where an answer stands, and what came of it. settled is true once a reviewer decided, or colleagues confirmed the record.
ALTER TABLE facility_answer ADD COLUMN round {id};
ALTER TABLE facility_answer ADD COLUMN flow {id};
ALTER TABLE facility_answer ADD COLUMN run {id};
ALTER TABLE facility_answer ADD COLUMN proposal {id};
CREATE INDEX facility_answer_proposal ON facility_answer (proposal) WHERE proposal IS NOT NULL;
CREATE INDEX facility_answer_waiting ON facility_answer (place) WHERE NOT settled;
