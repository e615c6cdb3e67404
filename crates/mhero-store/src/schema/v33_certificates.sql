-- The certificate that an account must show on an encrypted connection, and is known by: sha256:DIGEST of all of it, or
-- subject:NAME as the authority has signed it.
ALTER TABLE client_rule ADD COLUMN certificate {text};
CREATE UNIQUE INDEX client_rule_certificate ON client_rule (certificate) WHERE certificate IS NOT NULL;
