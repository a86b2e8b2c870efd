-- How people get in: the settings of SAML, or the address of a bookmark (`kind` says which). A
-- bookmark has no key: its key_id is empty.
ALTER TABLE applications RENAME COLUMN saml TO sign_on;
