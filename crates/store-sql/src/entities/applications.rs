//! Applications.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use jetway_identity::applications::{SamlKind, SamlSignOn, SignOn, SigningKeyRecord, Tile};
use jetway_identity::groups::name_key;
use jetway_identity::store::{ReadApplications, WriteApplications, WriteSigningKeys as _};
use jetway_identity::{
    Application, ApplicationAndGroups, ApplicationId, GroupId, SamlSettings, StoreError, UserId,
};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::groups::{group_columns, read_group};
use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`Decoded::read`] takes.
macro_rules! application_columns {
    () => {
        "a.id, a.version, a.slug, a.label, a.description, a.color, a.kind, a.active, \
         a.show_in_portal, a.sign_on, a.key_id, a.created_at, a.image"
    };
}
pub(crate) use application_columns;

/// Whether user `u`, or a group of theirs, is assigned to application `a`.
macro_rules! is_assigned {
    () => {
        "(EXISTS (SELECT 1 FROM application_groups ag JOIN user_groups g ON g.id = ag.group_id \
         WHERE ag.application_id = a.id AND (g.everyone = 1 OR EXISTS \
         (SELECT 1 FROM group_members m WHERE m.group_id = g.id AND m.user_id = u.id))) \
         OR EXISTS (SELECT 1 FROM application_users au WHERE au.application_id = a.id \
         AND au.user_id = u.id))"
    };
}
pub(crate) use is_assigned;

statements! {
    BY_ID = concat!("SELECT ", application_columns!(), " FROM applications a WHERE a.id = $1");
    BY_SLUG = concat!("SELECT ", application_columns!(), " FROM applications a WHERE a.slug = $1");
    ALL = concat!(
        "SELECT ", application_columns!(), ", (SELECT COUNT(*) FROM application_users au \
         WHERE au.application_id = a.id), ", group_columns!(), " FROM applications a \
         LEFT JOIN application_groups ag ON ag.application_id = a.id \
         LEFT JOIN user_groups g ON g.id = ag.group_id"
    );
    OF_GROUP = concat!(
        "SELECT ", application_columns!(), " FROM application_groups ag \
         JOIN applications a ON a.id = ag.application_id WHERE ag.group_id = $1"
    );
    OF_USER = concat!(
        "SELECT ", application_columns!(), ", (SELECT COUNT(*) FROM application_users au \
         WHERE au.application_id = a.id AND au.user_id = $1), ", group_columns!(),
        " FROM applications a \
         LEFT JOIN (SELECT ag.application_id, ag.group_id FROM application_groups ag \
         JOIN user_groups x ON x.id = ag.group_id WHERE x.everyone = 1 OR EXISTS \
         (SELECT 1 FROM group_members m WHERE m.group_id = x.id AND m.user_id = $1)) h \
         ON h.application_id = a.id LEFT JOIN user_groups g ON g.id = h.group_id \
         WHERE h.group_id IS NOT NULL OR EXISTS (SELECT 1 FROM application_users au \
         WHERE au.application_id = a.id AND au.user_id = $1)"
    );
    TILES = concat!(
        "SELECT a.id, a.slug, a.label, a.description, a.color, a.image, a.kind, a.sign_on \
         FROM users u JOIN applications a \
         ON a.active = 1 AND a.show_in_portal = 1 \
         WHERE u.id = $1 AND u.state = 'active' AND ", is_assigned!()
    );
    INSERT = "INSERT INTO applications (id, slug, label, description, color, kind, active, \
              show_in_portal, sign_on, key_id, version, created_at, image) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    UPDATE = "UPDATE applications SET label = $2, description = $3, color = $4, active = $5, \
              show_in_portal = $6, sign_on = $7, key_id = $8, version = $9, image = $10 \
              WHERE id = $1";
    BUMP = "UPDATE applications SET version = version + 1 WHERE id = $1";
    DELETE = "DELETE FROM applications WHERE id = $1";
    USE_REQUEST = "INSERT INTO sso_requests (application_id, request_hash, expires_at) \
                   VALUES ($1, $2, $3) ON CONFLICT (application_id, request_hash) DO NOTHING";
    PRUNE_REQUESTS = "DELETE FROM sso_requests WHERE expires_at <= $1";
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

const APPLICATION_COLUMNS_AFTER_VERSION: usize = 11;

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
        image: fields.optional_text()?,
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

fn read_tile(row: &AnyRow) -> Result<Tile, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Tile {
        id: fields.parsed()?,
        slug: fields.text()?,
        label: fields.text()?,
        description: fields.text()?,
        color: fields.text()?,
        image: fields.optional_text()?,
        address: match fields.word(Kind::from_name)? {
            Kind::Bookmark => Some(fields.json()?),
            Kind::Saml(_) => fields.json::<SamlSettings>()?.login_url,
        },
    })
}

/// The columns `sign_on` and `key_id`.
fn sign_on(application: &Application) -> Result<(String, String), StoreError> {
    Ok(match &application.sign_on {
        SignOn::Saml(saml) => (json(&saml.settings)?, saml.key.to_string()),
        SignOn::Bookmark(url) => (json(url)?, String::new()),
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
            let users = fields.integer()?;
            let entry = found
                .entry(application.id)
                .or_insert_with(|| ApplicationAndGroups {
                    application,
                    groups: Vec::new(),
                    users: u64::try_from(users).unwrap_or_default(),
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
        let (settings, key_id) = sign_on(application)?;
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
            .bind(millis(application.created_at))
            .bind(application.image.clone());
        self.execute(statement).await?;
        match key {
            Some(key) => self.insert_signing_key(key).await,
            None => Ok(()),
        }
    }

    async fn update_application(&mut self, application: &Application) -> Result<(), StoreError> {
        let (settings, key_id) = sign_on(application)?;
        let statement = query(UPDATE)
            .bind(application.id.to_string())
            .bind(application.label.clone())
            .bind(application.description.clone())
            .bind(application.color.clone())
            .bind(i64::from(application.active))
            .bind(i64::from(application.show_in_portal))
            .bind(settings)
            .bind(key_id)
            .bind(application.version)
            .bind(application.image.clone());
        self.execute(statement).await?;
        Ok(())
    }

    async fn bump_application(&mut self, id: ApplicationId) -> Result<(), StoreError> {
        self.execute(query(BUMP).bind(id.to_string())).await?;
        Ok(())
    }

    async fn use_sso_request(
        &mut self,
        application: ApplicationId,
        request_hash: &str,
        expires_at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(USE_REQUEST)
            .bind(application.to_string())
            .bind(request_hash.to_owned())
            .bind(millis(expires_at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn prune_sso_requests(&mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE_REQUESTS).bind(millis(now)))
            .await?;
        Ok(())
    }

    async fn delete_application(&mut self, id: ApplicationId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }
}
