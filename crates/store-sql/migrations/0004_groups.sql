-- What a group says of itself, whether a rule decides who is in it, and what lists of groups and
-- of members are ordered and searched by.
ALTER TABLE user_groups ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- NULL: members are added by hand. Otherwise the rule, as JSON.
ALTER TABLE user_groups ADD COLUMN rule TEXT;
ALTER TABLE user_groups ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE user_groups ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
-- The same as name_key, in the order of its bytes on every database.
ALTER TABLE user_groups ADD COLUMN name_order TEXT {{bytewise}} NOT NULL DEFAULT '';
-- Name and description in the form that searches compare.
ALTER TABLE user_groups ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE user_groups SET updated_at = created_at, name_order = name_key, search_text = name_key;
CREATE INDEX user_groups_name_order ON user_groups (name_order);
CREATE INDEX user_groups_dynamic ON user_groups (id) WHERE rule IS NOT NULL;

-- Name, address and username of the member, in the form that searches compare; kept up to date
-- with the user, so that the members of a group are listed by name and searched from one index.
ALTER TABLE group_members ADD COLUMN member_key TEXT {{bytewise}} NOT NULL DEFAULT '';
UPDATE group_members SET member_key = COALESCE((
    SELECT lower(
        CASE WHEN u.display_name <> '' THEN u.display_name
             ELSE trim(u.first_name || ' ' || u.last_name) END
        || ' ' || u.email || ' ' || u.username)
    FROM users u WHERE u.id = group_members.user_id), '');
CREATE INDEX group_members_by_key ON group_members (group_id, member_key, user_id);

-- The names of custom attributes that users have or had: what rules of groups may look at.
CREATE TABLE user_attribute_names (
    name TEXT NOT NULL PRIMARY KEY
);
