//! Applications, their keys, and who is assigned to them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use jetway_identity::applications::{SamlKind, SamlSignOn, SignOn, SigningKeyRecord, Tile};
use jetway_identity::groups::name_key;
use jetway_identity::store::{ReadApplications, WriteApplications};
use jetway_identity::{
    Application, ApplicationAndGroups, ApplicationId, GroupId, KeyId, StoreError, UserId,
};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::groups::{group_columns, read_group};
use crate::fields::{Fields, base64, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`Decoded::read`] takes.
macro_rules! application_columns {
    () => {
        "a.id, a.version, a.slug, a.label, a.description, a.color, a.kind, a.active, \
         a.show_in_portal, a.sign_on, a.key_id, a.created_at"
    };
}
pub(crate) use application_columns;

/// Whether a group of user `u` is assigned to application `a`.
macro_rules! is_assigned {
    () => {
        "EXISTS (SELECT 1 FROM application_groups ag JOIN user_groups g ON g.id = ag.group_id \
         WHERE ag.application_id = a.id AND (g.everyone = 1 OR EXISTS \
         (SELECT 1 FROM group_members m WHERE m.group_id = g.id AND m.user_id = u.id)))"
    };
}
pub(crate) use is_assigned;

statements! {
    BY_ID = concat!("SELECT ", application_columns!(), " FROM applications a WHERE a.id = $1");
    BY_SLUG = concat!("SELECT ", application_columns!(), " FROM applications a WHERE a.slug = $1");
    ALL = concat!(
        "SELECT ", application_columns!(), ", ", group_columns!(), " FROM applications a \
         LEFT JOIN application_groups ag ON ag.application_id = a.id \
         LEFT JOIN user_groups g ON g.id = ag.group_id"
    );
    OF_GROUP = concat!(
        "SELECT ", application_columns!(), " FROM application_groups ag \
         JOIN applications a ON a.id = ag.application_id WHERE ag.group_id = $1"
    );
    OF_USER = concat!(
        "SELECT ", application_columns!(), ", ", group_columns!(), " FROM application_groups ag \
         JOIN applications a ON a.id = ag.application_id \
         JOIN user_groups g ON g.id = ag.group_id WHERE g.everyone = 1 OR EXISTS \
         (SELECT 1 FROM group_members m WHERE m.group_id = g.id AND m.user_id = $1)"
    );
    SIGNING_KEY = "SELECT id, application_id, certificate, sealed_private_key, not_after, \
                   created_at FROM signing_keys WHERE id = $1";
    TILES = concat!(
        "SELECT a.slug, a.label, a.description, a.color, \
         CASE WHEN a.kind = 'bookmark' THEN a.sign_on ELSE 'null' END \
         FROM users u JOIN applications a \
         ON a.active = 1 AND a.show_in_portal = 1 \
         WHERE u.id = $1 AND u.state = 'active' AND ", is_assigned!()
    );
    INSERT = "INSERT INTO applications (id, slug, label, description, color, kind, active, \
              show_in_portal, sign_on, key_id, version, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    INSERT_KEY = "INSERT INTO signing_keys (id, application_id, certificate, \
                  sealed_private_key, not_after, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    SET_ACTIVE = "UPDATE applications SET active = $2, version = version + 1 WHERE id = $1";
    ASSIGN = "INSERT INTO application_groups (application_id, group_id, assigned_at) \
              VALUES ($1, $2, $3) ON CONFLICT (application_id, group_id) DO NOTHING";
    UNASSIGN = "DELETE FROM application_groups WHERE application_id = $1 AND group_id = $2";
}

/// Decoded applications by id. A row says which version it is; only a copy of that version is
/// used, so a change on another node is seen at once.
#[derive(Debug, Default)]
pub(crate) struct Decoded(RwLock<HashMap<ApplicationId, Arc<Application>>>);

impl Decoded {
    pub(crate) fn read(&self, fields: &mut Fields<'_>) -> Result<Arc<Application>, StoreError> {
        let (id, version) = (fields.parsed()?, fields.integer()?);
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned();
        if let Some(application) = known.filter(|known| known.version == version) {
            fields.skip(APPLICATION_COLUMNS_AFTER_VERSION);
            return Ok(application);
        }
        let application = Arc::new(read_application(fields, id, version)?);
        let mut decoded = self.0.write().unwrap_or_else(PoisonError::into_inner);
        decoded.insert(id, Arc::clone(&application));
        Ok(application)
    }
}

const APPLICATION_COLUMNS_AFTER_VERSION: usize = 10;

fn read_application(
    fields: &mut Fields<'_>,
    id: ApplicationId,
    version: i64,
) -> Result<Application, StoreError> {
    let (slug, label) = (fields.text()?, fields.text()?);
    let (description, color) = (fields.text()?, fields.text()?);
    let kind = fields.word(Kind::from_name)?;
    Ok(Application {
        id,
        version,
        slug,
        label,
        description,
        color,
        active: fields.flag()?,
        show_in_portal: fields.flag()?,
        sign_on: match kind {
            Kind::Saml(kind) => SignOn::Saml(SamlSignOn {
                kind,
                settings: fields.json()?,
                key: fields.parsed()?,
            }),
            Kind::Bookmark => {
                let url = SignOn::Bookmark(fields.json()?);
                fields.skip(1);
                url
            }
        },
        created_at: fields.time()?,
    })
}

/// What the column `kind` holds; it says what is in `sign_on`: the settings of SAML, or the address
/// of a bookmark, which has no key.
enum Kind {
    Saml(SamlKind),
    Bookmark,
}

impl Kind {
    fn from_name(name: &str) -> Option<Self> {
        if name == SignOn::BOOKMARK {
            return Some(Self::Bookmark);
        }
        SamlKind::from_name(name).map(Self::Saml)
    }
}

fn read_key(row: &AnyRow) -> Result<SigningKeyRecord, StoreError> {
    let mut fields = Fields::of(row);
    Ok(SigningKeyRecord {
        id: fields.parsed()?,
        application: fields.parsed()?,
        certificate_der: fields.bytes()?,
        sealed_private_key: fields.bytes()?,
        not_after: fields.time()?,
        created_at: fields.time()?,
    })
}

fn read_tile(row: &AnyRow) -> Result<Tile, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Tile {
        slug: fields.text()?,
        label: fields.text()?,
        description: fields.text()?,
        color: fields.text()?,
        bookmark: fields.json()?,
    })
}

/// What lists of applications are ordered by. Sorted here: databases disagree about the order of
/// letters.
fn by_label(application: &Application) -> (String, String) {
    (application.label.to_lowercase(), application.slug.clone())
}

impl Unit {
    /// Rows of an application and a group, or none, gathered by application.
    fn gather(&self, rows: &[AnyRow]) -> Result<Vec<ApplicationAndGroups>, StoreError> {
        let mut found: HashMap<ApplicationId, ApplicationAndGroups> = HashMap::new();
        for row in rows {
            let mut fields = Fields::of(row);
            let application = self.caches.decoded.read(&mut fields)?;
            let entry = found
                .entry(application.id)
                .or_insert_with(|| ApplicationAndGroups {
                    application,
                    groups: Vec::new(),
                });
            if !fields.is_null()? {
                entry.groups.push(read_group(&mut fields)?);
            }
        }
        let mut found: Vec<_> = found.into_values().collect();
        for one in &mut found {
            one.groups.sort_by_cached_key(|group| name_key(&group.name));
        }
        found.sort_by_cached_key(|one| by_label(&one.application));
        Ok(found)
    }
}

#[async_trait]
impl ReadApplications for Unit {
    async fn application(
        &mut self,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| self.caches.decoded.read(&mut Fields::of(&row)))
            .transpose()
    }

    async fn application_by_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<Arc<Application>>, StoreError> {
        let row = self.row(query(BY_SLUG).bind(slug.to_owned())).await?;
        row.map(|row| self.caches.decoded.read(&mut Fields::of(&row)))
            .transpose()
    }

    async fn applications(&mut self) -> Result<Vec<ApplicationAndGroups>, StoreError> {
        let rows = self.rows(query(ALL)).await?;
        self.gather(&rows)
    }

    async fn applications_of_group(
        &mut self,
        group: GroupId,
    ) -> Result<Vec<Arc<Application>>, StoreError> {
        let rows = self.rows(query(OF_GROUP).bind(group.to_string())).await?;
        let read = |row| self.caches.decoded.read(&mut Fields::of(row));
        let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_cached_key(|application| by_label(application));
        Ok(found)
    }

    async fn applications_of_user(
        &mut self,
        user: UserId,
    ) -> Result<Vec<ApplicationAndGroups>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        self.gather(&rows)
    }

    async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKeyRecord>, StoreError> {
        let row = self.row(query(SIGNING_KEY).bind(id.to_string())).await?;
        row.as_ref().map(read_key).transpose()
    }

    async fn tiles(&mut self, user: UserId) -> Result<Vec<Tile>, StoreError> {
        let rows = self.rows(query(TILES).bind(user.to_string())).await?;
        let mut tiles = rows.iter().map(read_tile).collect::<Result<Vec<_>, _>>()?;
        // Sorted here: databases disagree about the order of letters.
        tiles.sort_by_cached_key(|tile| (tile.label.to_lowercase(), tile.slug.clone()));
        Ok(tiles)
    }
}

#[async_trait]
impl WriteApplications for Unit {
    async fn insert_application(
        &mut self,
        application: &Application,
        key: Option<&SigningKeyRecord>,
    ) -> Result<(), StoreError> {
        let (settings, key_id) = match &application.sign_on {
            SignOn::Saml(saml) => (json(&saml.settings)?, saml.key.to_string()),
            SignOn::Bookmark(url) => (json(url)?, String::new()),
        };
        let statement = query(INSERT)
            .bind(application.id.to_string())
            .bind(application.slug.clone())
            .bind(application.label.clone())
            .bind(application.description.clone())
            .bind(application.color.clone())
            .bind(application.sign_on.kind())
            .bind(i64::from(application.active))
            .bind(i64::from(application.show_in_portal))
            .bind(settings)
            .bind(key_id)
            .bind(application.version)
            .bind(millis(application.created_at));
        self.execute(statement).await?;
        let Some(key) = key else { return Ok(()) };
        let statement = query(INSERT_KEY)
            .bind(key.id.to_string())
            .bind(key.application.to_string())
            .bind(base64(&key.certificate_der))
            .bind(base64(&key.sealed_private_key))
            .bind(millis(key.not_after))
            .bind(millis(key.created_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn set_application_active(
        &mut self,
        id: ApplicationId,
        active: bool,
    ) -> Result<(), StoreError> {
        self.execute(
            query(SET_ACTIVE)
                .bind(id.to_string())
                .bind(i64::from(active)),
        )
        .await?;
        Ok(())
    }

    async fn assign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(ASSIGN)
            .bind(application.to_string())
            .bind(group.to_string())
            .bind(millis(at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn unassign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
    ) -> Result<bool, StoreError> {
        let statement = query(UNASSIGN)
            .bind(application.to_string())
            .bind(group.to_string());
        Ok(self.execute(statement).await? > 0)
    }
}
