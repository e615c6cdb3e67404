-- The FHIR server joined to the register: under which id people, positions and places stand there, and what clients wrote that the
-- register has yet to hear.

-- An entity keeps the id under which it was first shown, whatever other ids lead to it.
CREATE TABLE fhir_golden (
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    id {text} NOT NULL,
    PRIMARY KEY (kind, entity)
) {compact};
CREATE UNIQUE INDEX fhir_golden_by_id ON fhir_golden (kind, id);

-- Versions that clients wrote, by their number, and whose they are. waits: the register has not heard them.
CREATE TABLE fhir_said (
    number {int} PRIMARY KEY,
    resource {id} NOT NULL,
    token {id} NOT NULL,
    waits {bool} NOT NULL
) {strict};
CREATE INDEX fhir_said_waiting ON fhir_said (token, number) WHERE waits;
CREATE INDEX fhir_said_of ON fhir_said (resource, number);
