//! `jetway admin …`: what can be typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::applications::ApplicationsCommand;

/// Administer the directory over its API
#[derive(Debug, Args)]
pub(crate) struct AdminArgs {
    /// Address of the server, https://… [env: JETWAY_ADMIN_URL]
    #[arg(long, global = true, value_name = "URL", help_heading = "Server")]
    pub(crate) server: Option<String>,

    /// File that holds the API key and nothing else, readable by you alone [default: the
    /// environment variable JETWAY_API_KEY, else ~/.config/jetway/admin.toml]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Server")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// Print JSON, as the API answers
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) area: AdminArea,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminArea {
    /// Store the server's address and an API key in ~/.config/jetway/admin.toml
    Configure,
    /// People of the directory
    #[command(subcommand)]
    Users(UsersCommand),
    /// Groups of people
    #[command(subcommand)]
    Groups(GroupsCommand),
    /// The activity log
    #[command(subcommand)]
    Events(EventsCommand),
    /// What people sign in to
    #[command(subcommand, visible_alias = "apps")]
    Applications(ApplicationsCommand),
    /// The organisation's settings
    #[command(subcommand)]
    Settings(SettingsCommand),
}

/// How much of a list.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// Most entries
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(crate) limit: u32,

    /// Everything, however long it is
    #[arg(long, conflicts_with = "limit")]
    pub(crate) all: bool,
}

/// Fields to set.
#[derive(Debug, Args)]
pub(crate) struct FieldArgs {
    /// A field of the API and its value: `last_name=Runner`, `attributes.department=Ops`. The
    /// value may be JSON; `null` takes it away
    #[arg(value_name = "FIELD=VALUE", required = true)]
    pub(crate) fields: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// List people
    List {
        /// Only those in this state: staged, active or suspended
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// Only those with a word that begins like this
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show a person
    Show {
        /// Id, e-mail address or username
        user: String,
    },
    /// Add a person: email=… username=… first_name=… last_name=…
    Create(FieldArgs),
    /// Change a person
    Update {
        /// Id, e-mail address or username
        user: String,
        #[command(flatten)]
        fields: FieldArgs,
    },
    /// Let a person in
    Activate {
        /// Id, e-mail address or username
        user: String,
    },
    /// Shut a person out, at once
    Suspend {
        /// Id, e-mail address or username
        user: String,
    },
    /// Send a person the mail with the link to choose a first password
    Invite {
        /// Id, e-mail address or username
        user: String,
    },
    /// Send a person the mail with the link to choose a new password
    ResetPassword {
        /// Id, e-mail address or username
        user: String,
    },
    /// Let a person try again who is locked out after too many attempts
    Unlock {
        /// Id, e-mail address or username
        user: String,
    },
    /// End all sessions of a person
    SignOut {
        /// Id, e-mail address or username
        user: String,
    },
    /// Activate or suspend a person at a time to come
    Schedule {
        /// Id, e-mail address or username
        user: String,
        /// active or suspended
        #[arg(value_name = "STATE")]
        state: String,
        /// 2026-03-01, which begins at midnight UTC, or 2026-03-01T08:00:00Z
        #[arg(long, value_name = "TIME")]
        at: String,
    },
    /// Add people from a CSV file, after showing what is wrong with it
    Import {
        /// The file; its first row names the columns: email, username, firstname, …
        file: PathBuf,
        /// Add the rows that are right without asking
        #[arg(long)]
        yes: bool,
    },
    /// Print people as CSV, in the form that `import` takes
    Export {
        /// Only those in this state: staged, active or suspended
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// Only those with a word that begins like this
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Delete a person for good
    Delete {
        /// Id, e-mail address or username
        user: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    /// List groups
    List {
        /// Only those whose name contains this
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show a group
    Show {
        /// Id or name
        group: String,
    },
    /// Add a group: name=… description=…
    Create(FieldArgs),
    /// Change a group
    Update {
        /// Id or name
        group: String,
        #[command(flatten)]
        fields: FieldArgs,
    },
    /// Delete a group
    Delete {
        /// Id or name
        group: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// List the members of a group
    Members {
        /// Id or name
        group: String,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Put people into a group
    AddMember {
        /// Id or name
        group: String,
        /// Id, e-mail address or username
        #[arg(required = true)]
        users: Vec<String>,
    },
    /// Take people out of a group
    RemoveMember {
        /// Id or name
        group: String,
        /// Id, e-mail address or username
        #[arg(required = true)]
        users: Vec<String>,
    },
    /// Give applications to a group
    Grant {
        /// Id or name
        group: String,
        /// Id, name or label
        #[arg(required = true)]
        applications: Vec<String>,
    },
    /// Take applications from a group
    Revoke {
        /// Id or name
        group: String,
        /// Id, name or label
        #[arg(required = true)]
        applications: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// List what happened, newest first
    List {
        #[command(flatten)]
        filter: EventArgs,
        #[command(flatten)]
        page: PageArgs,
    },
}

/// Which events.
#[derive(Debug, Args)]
pub(crate) struct EventArgs {
    /// Only events of this type, such as user_create
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<String>,
    /// Only those with this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    /// Only from here on: 2026-03-01, which begins at midnight UTC, or 2026-03-01T08:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Only before this, written as --from
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,
    /// Only those by or about this person, group or application: an id, or the e-mail address or
    /// username of a person
    #[arg(long, value_name = "WHO")]
    pub(crate) subject: Option<String>,
    /// Only what failed or was refused
    #[arg(long)]
    pub(crate) failed: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show the settings
    Show,
    /// Change settings: sessions.idle_minutes=30
    Update(FieldArgs),
}
