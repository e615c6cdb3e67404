-- How people sign in beside the password: a code that their phone computes (RFC 6238), codes on paper for when it is lost, and who
-- they are at a provider of OpenID Connect.

-- secret and waiting are sealed; waiting is one that nobody has confirmed by a code. last_step is the last half minute whose code
-- was used: none counts twice.
CREATE TABLE second_factor (
    owner {id} PRIMARY KEY,
    secret {bytes},
    waiting {bytes},
    last_step {int} NOT NULL,
    confirmed_at {int},
    version {int} NOT NULL
) {strict};

CREATE TABLE recovery_code (
    owner {id} NOT NULL,
    digest {bytes} NOT NULL,
    used_at {int},
    PRIMARY KEY (owner, digest)
) {compact};

CREATE TABLE user_identity (
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    owner {id} NOT NULL,
    linked_at {int} NOT NULL,
    PRIMARY KEY (issuer, subject)
) {compact};
CREATE UNIQUE INDEX user_identity_owner ON user_identity (owner, issuer);
