-- One person from many records.

-- A pair that somebody must look at, and pairs that somebody decided: those are never asked again. left_person < right_person.
-- state: open, same, different. explanation says in parts why (JSON). by_rule is true where no person decided.
CREATE TABLE link_pair (
    left_person {id} NOT NULL,
    right_person {id} NOT NULL,
    state {text} NOT NULL,
    score {float} NOT NULL,
    explanation {text} NOT NULL,
    found_at {int} NOT NULL,
    decided_by {id},
    decided_at {int},
    version {int} NOT NULL,
    PRIMARY KEY (left_person, right_person)
) {compact};
CREATE INDEX link_pair_open ON link_pair (score, left_person, right_person) WHERE state = 'open';
CREATE INDEX link_pair_right ON link_pair (right_person);

-- Weights and thresholds of the comparison, as learned or set (JSON). One row in use: the latest.
CREATE TABLE link_model (
    id {id} PRIMARY KEY,
    model {text} NOT NULL,
    learned_at {int} NOT NULL,
    set_by {id}
) {strict};

-- What a merge brought from the joined person that no record gives, so that undoing it gives it back. kind: urn, absence, value,
-- group, primary, conversation, session, thread, standing. entity: which one; detail: what it was.
CREATE TABLE link_carried (
    link {id} NOT NULL,
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    detail {text} NOT NULL,
    PRIMARY KEY (link, kind, entity)
) {compact};

CREATE INDEX person_alias_person ON person_alias (person);
CREATE INDEX person_link_joined ON person_link (joined);
CREATE INDEX person_link_person ON person_link (person);
