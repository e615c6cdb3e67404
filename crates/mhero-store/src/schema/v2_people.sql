-- Where people come from, places, people, audiences.

CREATE TABLE source (
    id {id} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    kind {text} NOT NULL,
    url {text},
    config {text} NOT NULL,
    secret {bytes},
    watermark {text},
    rank {int} NOT NULL,
    created_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

-- Each record as received, and what it says in our words (JSON), so that it is read again when what it refers to arrives.
-- entity_kind and entity say what it became; NULL when it is only kept. pending: a reference of it leads nowhere so far.
CREATE TABLE source_record (
    id {id} PRIMARY KEY,
    source {id} NOT NULL,
    kind {text} NOT NULL,
    ext_id {text} NOT NULL,
    digest {bytes} NOT NULL,
    raw {text} NOT NULL,
    content {text},
    entity_kind {text},
    entity {id},
    pending {bool} NOT NULL,
    first_seen_at {int} NOT NULL,
    changed_at {int} NOT NULL,
    UNIQUE (source, kind, ext_id)
) {strict};
CREATE INDEX source_record_entity ON source_record (entity);
CREATE INDEX source_record_ext ON source_record (ext_id);
CREATE INDEX source_record_pending ON source_record (source) WHERE pending;

CREATE TABLE import_run (
    id {id} PRIMARY KEY,
    source {id} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    started_by {id},
    summary {text} NOT NULL
) {strict};

-- fhir_id maps foreign and FHIR ids to entities: the first source keeps its id, a later clash is prefixed.
CREATE TABLE fhir_id (
    type {text} NOT NULL,
    id {text} NOT NULL,
    entity {id} NOT NULL,
    source {id},
    PRIMARY KEY (type, id)
) {compact};
CREATE INDEX fhir_id_entity ON fhir_id (entity);

CREATE TABLE place (
    id {id} PRIMARY KEY,
    parent {id},
    level {text},
    name {text} NOT NULL,
    search {text} NOT NULL,
    is_facility {bool} NOT NULL,
    active {bool} NOT NULL,
    latitude {float},
    longitude {float},
    zone {text},
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {strict};
CREATE INDEX place_parent ON place (parent);

-- Every name of a place in every language, folded, to find it by.
CREATE TABLE place_name (
    folded {text} NOT NULL,
    place {id} NOT NULL,
    PRIMARY KEY (folded, place)
) {compact};
CREATE INDEX place_name_place ON place_name (place);

-- A place and everything below it, itself included (depth 0).
CREATE TABLE place_closure (
    ancestor {id} NOT NULL,
    descendant {id} NOT NULL,
    depth {int} NOT NULL,
    PRIMARY KEY (ancestor, descendant)
) {compact};
CREATE INDEX place_closure_descendant ON place_closure (descendant, depth);

CREATE TABLE place_identifier (
    system {text} NOT NULL,
    value {text} NOT NULL,
    place {id} NOT NULL,
    source_record {id} NOT NULL,
    PRIMARY KEY (system, value, place)
) {compact};

-- coded is true once a code system or a coded reference has named it; a cadre that only stands as a word in tables is taken
-- over by the code that later bears its name.
CREATE TABLE cadre (
    id {id} PRIMARY KEY,
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    coded {bool}
) {strict};

-- A job title of a job code system, with its cadre.
CREATE TABLE title (
    id {id} PRIMARY KEY,
    system {text} NOT NULL,
    code {text} NOT NULL,
    name {text} NOT NULL,
    cadre {id},
    UNIQUE (system, code)
) {strict};
CREATE INDEX title_cadre ON title (cadre);

-- standing: worker, or stranger for an unknown sender (outside every audience).
CREATE TABLE person (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    given {text} NOT NULL,
    family {text} NOT NULL,
    search {text} NOT NULL,
    language {text},
    sex {text},
    birth {text},
    standing {text} NOT NULL,
    active {bool} NOT NULL,
    heard_at {int},
    sent_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX person_search ON person (search, id);
CREATE INDEX person_heard ON person (heard_at);
-- Those who may be in an audience, in the order in which audiences are read.
CREATE INDEX person_worker ON person (id) WHERE standing = 'worker' AND active;

CREATE TABLE person_token (
    token {text} NOT NULL,
    person {id} NOT NULL,
    PRIMARY KEY (token, person)
) {compact};
CREATE INDEX person_token_person ON person_token (person);

-- History is never rewritten: a merge is a link and an alias, undo takes them back.
CREATE TABLE person_alias (
    alias {id} PRIMARY KEY,
    person {id} NOT NULL,
    link {id} NOT NULL
) {strict};
CREATE TABLE person_link (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,
    joined {id} NOT NULL,
    reason {text} NOT NULL,
    decided_by {id},
    decided_at {int} NOT NULL,
    undone_at {int}
) {strict};

CREATE TABLE person_identifier (
    system {text} NOT NULL,
    value {text} NOT NULL,
    person {id} NOT NULL,
    source_record {id} NOT NULL,
    PRIMARY KEY (system, value, person, source_record)
) {compact};
CREATE INDEX person_identifier_person ON person_identifier (person);

-- Numbers, many to many. path is NULL where the text is no number: raw and bad say what was there and why not.
CREATE TABLE person_urn (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,
    scheme {text} NOT NULL,
    path {text},
    raw {text} NOT NULL,
    bad {text},
    rank {int} NOT NULL,
    source_record {id},
    verified_at {int},
    created_at {int} NOT NULL
) {strict};
CREATE INDEX person_urn_person ON person_urn (person, rank);
CREATE INDEX person_urn_path ON person_urn (path, scheme);
CREATE INDEX person_urn_valid ON person_urn (person) WHERE path IS NOT NULL AND scheme = 'tel';

-- For whom a shared number is meant first. Without a row: the person who had it first.
CREATE TABLE urn_primary (
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    person {id} NOT NULL,
    PRIMARY KEY (scheme, path)
) {compact};

-- STOP binds number and list. The list of everything is the empty text.
CREATE TABLE stop (
    scheme {text} NOT NULL,
    path {text} NOT NULL,
    list {text} NOT NULL,
    since {int} NOT NULL,
    message {id},
    PRIMARY KEY (scheme, path, list)
) {compact};

-- The cadre stands here only where the source gives it directly; else it is the title's.
CREATE TABLE position (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,
    place {id},
    title {id},
    cadre {id},
    start_at {int},
    end_at {int},
    active {bool} NOT NULL,
    source_record {id} NOT NULL
) {strict};
-- With all that tells whether a position is current, so that an audience is counted from the index alone.
CREATE INDEX position_person ON position (person, active, place, start_at, end_at, title, cadre);
CREATE INDEX position_place ON position (place, person, active, start_at, end_at);
CREATE INDEX position_cadre ON position (cadre, person, active, start_at, end_at);
CREATE INDEX position_title ON position (title, person, active, start_at, end_at, cadre);
CREATE INDEX position_record ON position (source_record);

CREATE TABLE training (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,
    course {text} NOT NULL,
    folded {text} NOT NULL,
    name {text} NOT NULL,
    start_at {int},
    end_at {int},
    source_record {id} NOT NULL
) {strict};
CREATE INDEX training_person ON training (person);
CREATE INDEX training_record ON training (source_record);
CREATE INDEX training_course ON training (course, person);
CREATE INDEX training_folded ON training (folded, person);

CREATE TABLE absence (
    id {id} PRIMARY KEY,
    person {id} NOT NULL,
    reason {text} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int},
    source_record {id}
) {strict};
CREATE INDEX absence_person ON absence (person);

CREATE TABLE field (
    id {id} PRIMARY KEY,
    key {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    type {text} NOT NULL,
    created_at {int} NOT NULL
) {strict};

-- One current value per person and field, chosen by ownership, with where it comes from.
CREATE TABLE person_value (
    person {id} NOT NULL,
    field {id} NOT NULL,
    text {text},
    folded {text},
    number {float},
    instant {int},
    place {id},
    source_record {id},
    observed_at {int} NOT NULL,
    verified_at {int},
    PRIMARY KEY (person, field)
) {compact};
CREATE INDEX person_value_text ON person_value (field, folded);
CREATE INDEX person_value_number ON person_value (field, number);
CREATE INDEX person_value_instant ON person_value (field, instant);
CREATE INDEX person_value_place ON person_value (field, place);

-- A group by hand has no query; a group by query has no members.
CREATE TABLE audience_group (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    folded {text} NOT NULL UNIQUE,
    query {text},
    active {bool} NOT NULL,
    created_by {id},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};

CREATE TABLE group_member (
    member_of {id} NOT NULL,
    person {id} NOT NULL,
    added_at {int} NOT NULL,
    PRIMARY KEY (member_of, person)
) {compact};
CREATE INDEX group_member_person ON group_member (person);
