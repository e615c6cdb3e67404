-- What neighbours are told by HTTP; what they ask us to send; what of our messages and runs they have been shown.

-- Whom to tell. purpose: fhir-subscription, resthook, web-hook. subject: what it is among those of its purpose, the id of a
-- Subscription say. secret: headers and the key of signatures, sealed. state: on, off, failed.
CREATE TABLE notice_target (
    id {id} PRIMARY KEY,
    purpose {text} NOT NULL,
    subject {text} NOT NULL,
    url {text} NOT NULL,
    secret {bytes},
    owner {id},
    state {text} NOT NULL,
    failures {int} NOT NULL,
    failure {text},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX notice_target_subject ON notice_target (purpose, subject);

-- What is told, in the order of entry for each target. body is sealed, and empty once it has arrived. state: ready, done, dead.
CREATE TABLE notice (
    entry {serial},
    id {id} NOT NULL UNIQUE,
    target {id} NOT NULL,
    once_key {text} NOT NULL,
    method {text} NOT NULL,
    path {text} NOT NULL,
    content_type {text} NOT NULL,
    body {bytes} NOT NULL,
    state {text} NOT NULL,
    attempt {int} NOT NULL,
    ready_at {int} NOT NULL,
    status {int},
    failure {text},
    created_at {int} NOT NULL,
    done_at {int},
    UNIQUE (target, once_key)
) {strict};
CREATE INDEX notice_ready ON notice (target, entry) WHERE state = 'ready';
CREATE INDEX notice_done ON notice (done_at) WHERE done_at IS NOT NULL;

-- A CommunicationRequest that is to be carried out. principal: who wrote it, and with whose rights it is sent. state: asked,
-- waiting (until due_at), made, revoking, ended, refused. way: fhir, emnutt. until_at: what has not left then is taken back.
CREATE TABLE fhir_request (
    id {text} PRIMARY KEY,
    principal {id},
    way {text} NOT NULL,
    state {text} NOT NULL,
    due_at {int},
    until_at {int},
    failure {text},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    version {int} NOT NULL
) {strict};
CREATE INDEX fhir_request_open ON fhir_request (state, due_at) WHERE state <> 'ended' AND state <> 'refused';

-- What a request became. kind: broadcast, start.
CREATE TABLE fhir_request_target (
    request {text} NOT NULL,
    kind {text} NOT NULL,
    target {id} NOT NULL,
    PRIMARY KEY (request, kind, target)
) {compact};
CREATE INDEX fhir_request_by_target ON fhir_request_target (target);

-- Messages that are shown as Communication, with the version that was shown. settled: nothing more is expected of them.
CREATE TABLE fhir_message (
    message {id} PRIMARY KEY,
    version {int} NOT NULL,
    settled {bool} NOT NULL,
    at {int} NOT NULL
) {strict};
CREATE INDEX fhir_message_open ON fhir_message (message) WHERE NOT settled;

-- Runs that are shown as QuestionnaireResponse; mark grows with each change of theirs.
CREATE TABLE fhir_run (
    run {id} PRIMARY KEY,
    mark {int} NOT NULL,
    settled {bool} NOT NULL,
    at {int} NOT NULL
) {strict};
CREATE INDEX fhir_run_open ON fhir_run (run) WHERE NOT settled;

-- What emNutt's clients ask the progress of, beside requests: JSON by the id that they were given.
CREATE TABLE emnutt_progress (
    id {text} PRIMARY KEY,
    content {text} NOT NULL,
    at {int} NOT NULL
) {strict};
CREATE INDEX emnutt_progress_at ON emnutt_progress (at);
CREATE INDEX flow_run_started ON flow_run (started_at);
