-- For whom beside those of its place a resource of FHIR is there.

-- The programme whose sending or answers it shows: whoever is narrowed to other programmes does not read it. NULL: nobody's in particular.
ALTER TABLE fhir_resource ADD COLUMN programme {id};
-- The client that wrote it first, which reads it again whatever place it is narrowed to.
ALTER TABLE fhir_resource ADD COLUMN author {id};
