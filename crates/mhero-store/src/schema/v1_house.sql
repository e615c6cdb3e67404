-- The installation, who may do what, and the machinery that everything else stands on.
-- Instants are UTC microseconds. JSON is an opaque text.

CREATE TABLE setting (
    key {text} PRIMARY KEY,
    value {text} NOT NULL,
    updated_at {int} NOT NULL
) {strict};

-- One installation is one country; border workers may have numbers of further ones.
CREATE TABLE numbering_country (
    country {text} PRIMARY KEY,
    is_default {bool} NOT NULL,
    rank {int} NOT NULL
) {strict};

-- Whole numbers that foreign interfaces and people need beside our ids.
CREATE TABLE sequence (
    name {text} PRIMARY KEY,
    next {int} NOT NULL
) {strict};

CREATE TABLE programme (
    id {id} PRIMARY KEY,
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    created_at {int} NOT NULL
) {strict};

CREATE TABLE app_user (
    id {id} PRIMARY KEY,
    email {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    language {text} NOT NULL,
    password_hash {text},
    active {bool} NOT NULL,
    created_at {int} NOT NULL,
    signed_in_at {int},
    version {int} NOT NULL
) {strict};

-- A role for the whole country, or narrowed to a place (and all below) or a programme. The principal is a user or a token.
CREATE TABLE role_grant (
    id {id} PRIMARY KEY,
    principal {id} NOT NULL,
    role {text} NOT NULL,
    place {id},
    programme {id},
    created_at {int} NOT NULL
) {strict};
CREATE INDEX role_grant_principal ON role_grant (principal);

-- Only the digest of a token is kept.
CREATE TABLE api_token (
    id {id} PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    digest {bytes} NOT NULL UNIQUE,
    created_at {int} NOT NULL,
    used_at {int},
    revoked_at {int}
) {strict};

-- Only the digest of a session's cookie is kept. Idle and absolute ends are computed by our clock.
CREATE TABLE web_session (
    digest {bytes} PRIMARY KEY,
    user_id {id},
    content {text} NOT NULL,
    created_at {int} NOT NULL,
    idle_until {int} NOT NULL,
    absolute_until {int} NOT NULL
) {strict};
CREATE INDEX web_session_user ON web_session (user_id);

-- One thing to do at an instant; who fires it removes it in the same unit as what it does.
CREATE TABLE timer (
    id {id} PRIMARY KEY,
    kind {text} NOT NULL,
    key {text} NOT NULL,
    due_at {int} NOT NULL,
    payload {text} NOT NULL,
    UNIQUE (kind, key)
) {strict};
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE job (
    id {id} PRIMARY KEY,
    kind {text} NOT NULL,
    key {text} NOT NULL,
    payload {text} NOT NULL,
    run_at {int} NOT NULL,
    attempt {int} NOT NULL,
    leased_by {id},
    leased_until {int} NOT NULL,
    fence {int} NOT NULL,
    error {text},
    created_at {int} NOT NULL,
    UNIQUE (kind, key)
) {strict};
CREATE INDEX job_run ON job (run_at);

-- A role in the cluster that one node at a time holds. The fence grows with each new holder.
CREATE TABLE lease (
    name {text} PRIMARY KEY,
    holder {id} NOT NULL,
    fence {int} NOT NULL,
    until {int} NOT NULL
) {strict};

-- The change feed. Rows enter unnumbered; the number (seq) is given in commit order.
CREATE TABLE change (
    entry {serial},
    seq {int} UNIQUE,
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    what {text} NOT NULL,
    at {int} NOT NULL
) {strict};
CREATE INDEX change_unnumbered ON change (entry) WHERE seq IS NULL;
CREATE INDEX change_entity ON change (entity);
