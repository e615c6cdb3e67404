-- What the FHIR server holds: each resource as it stands, each of its versions, and what it is found by.

CREATE TABLE fhir_resource (
    resource {id} PRIMARY KEY,
    kind {text} NOT NULL,
    id {text} NOT NULL,
    version {int} NOT NULL,
    updated_at {int} NOT NULL,
    deleted {bool} NOT NULL,
    -- Whose it is, so that nobody reads it outside their scope; and whether everybody may, as with places and code systems.
    person {id},
    public {bool} NOT NULL,
    -- JSON as it was received or written; empty once it is deleted.
    body {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX fhir_resource_by_name ON fhir_resource (kind, id);
CREATE INDEX fhir_resource_of_kind ON fhir_resource (kind, resource);
CREATE INDEX fhir_resource_by_time ON fhir_resource (kind, updated_at, resource);
CREATE INDEX fhir_resource_of_person ON fhir_resource (person);

-- In the order in which they were committed: writers of FHIR wait for one another at the sequence `fhir`.
CREATE TABLE fhir_version (
    number {int} PRIMARY KEY,
    resource {id} NOT NULL,
    kind {text} NOT NULL,
    version {int} NOT NULL,
    method {text} NOT NULL,
    updated_at {int} NOT NULL,
    body {text} NOT NULL
) {strict};
CREATE UNIQUE INDEX fhir_version_of ON fhir_version (resource, version);
CREATE INDEX fhir_version_by_kind ON fhir_version (kind, number);

-- `param` stands for kind, parameter and sort of key, see `nouns/fhir/keys.rs`.
CREATE TABLE fhir_key (
    param {int} NOT NULL,
    value {text} NOT NULL,
    system {text} NOT NULL,
    from_at {int} NOT NULL,
    until_at {int} NOT NULL,
    resource {id} NOT NULL,
    PRIMARY KEY (param, value, system, from_at, until_at, resource)
) {compact};
CREATE INDEX fhir_key_of ON fhir_key (resource);
