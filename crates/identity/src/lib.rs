//! What the identity provider knows and decides: people, groups, applications, sessions and who
//! may reach what. No SQL and no HTTP: storage is behind the traits of [`store`], time and
//! randomness come from [`Op`].
//!
//! A use case is one function in one file: `sessions/sign_in.rs`, `sso/assert.rs`. To add one:
//! write the file with its input, its error enum and its function, add what it needs to the traits
//! in `store/`, and re-export it from its module.

pub mod administrators;
pub mod alerts;
pub mod api_keys;
pub mod applications;
pub mod aws_setup;
pub mod break_glass;
pub mod credentials;
pub mod custom_attributes;
pub mod diagnose;
pub mod email;
pub mod events;
pub mod factors;
pub mod groups;
pub mod idempotency;
pub mod ids;
mod key_ring;
pub mod links;
pub mod log_destinations;
pub mod mail;
mod op;
pub mod passwords;
mod sealing;
mod search;
pub mod sessions;
pub mod settings;
pub mod sign_in_policies;
pub mod sso;
pub mod store;
mod text;
pub mod users;

pub use administrators::{
    Administrator, AdministratorChange, AdministratorPasswordByLink, AdministratorSession,
    AdministratorSignIn, AdministratorSignInError, AdministratorState, ChangeAdministratorPassword,
    CreateAdministratorError, DeleteAdministratorError, HostResetError, Invitation,
    InviteAdministratorError, NewAdministrator, NotAllowed, Permission, RenameOwnError, Role,
    SetAdministratorPasswordError, SetUp, SetUpError, SignInMethod, SignedInAdministrator,
    SignedInAs, UpdateAdministratorError, administrator, administrator_of_link,
    change_own_administrator_password, create_administrator, current_administrator,
    delete_administrator, invite_administrator, invite_administrator_again,
    issue_administrator_reset_link, issue_set_up_link, list_administrator_sessions,
    list_administrators, record_access_denied, record_failed_provider_sign_in,
    rename_own_administrator, request_administrator_reset, revoke_administrator_session,
    revoke_administrator_sessions, set_administrator_password, set_administrator_password_by_link,
    set_up, set_up_is_open, sign_in_administrator, sign_in_administrator_by_email,
    sign_out_administrator, update_administrator,
};
pub use api_keys::{
    ApiKey, ApiKeyOwner, CreateApiKeyError, CreatedApiKey, NewApiKey, RevokeApiKeyError, Scope,
    authenticate_api_key, create_api_key, list_api_keys, revoke_api_key,
};
pub use applications::{
    Application, ApplicationAndGroups, AssignGroupError, AttributeSource, ChangeGrantsError,
    CreateApplicationError, GrantChange, MappedAttribute, NameIdFormat, NameIdRule, NewApplication,
    SamlSettings, Signing, UnassignGroupError, all_applications, application_metadata,
    applications_of_group, applications_of_user, assign_group, change_grants, create_application,
    idp_url, set_application_active, unassign_group,
};
pub use custom_attributes::{CustomAttributes, CustomValue};
pub use events::{
    Change, Event, EventFilter, EventKind, LogHead, LogReport, Target, TargetKind, changes_between,
    list_events, seal_events, verify_log,
};
pub use groups::{
    ChangeMembersError, CreateGroupError, DeleteGroupError, Group, GroupChange, GroupPage,
    GroupRule, GroupSummary, InvalidGroup, MemberPage, Membership, NewGroup, PreviewRuleError,
    RulePreview, UpdateGroupError, add_member, add_members, add_members_by_name, change_members,
    create_group, delete_group, ensure_everyone, find_candidates, group_member_ids, group_summary,
    groups_of_user, list_groups, members_page, preview_rule, remove_member, remove_members,
    rule_attributes, update_group,
};
pub use ids::{
    AdministratorId, AlertId, ApiKeyId, ApplicationId, BreakGlassUseId, EventId, GroupId, ImportId,
    KeyId, LogDestinationId, MailId, OrganisationId, PasskeyId, PhoneId, PublicKeyId, PushId,
    ScheduleId, SessionId, SignInPolicyId, UserId,
};
pub use key_ring::{KeyRing, KeyRingError};
pub use links::{LinkPurpose, LinkToken};
pub use mail::{Mail, MailState};
pub use op::{Actor, Client, Clock, Entropy, Op};
pub use passwords::{Busy, PasswordHashers};
pub use sealing::{OpenSealedError, SealingKey};
pub use search::{Found, Matched, search};
pub use sessions::{
    Session, SignInAttempt, SignInError, SignedIn, SignedInUser, Via, current_session,
    prune_sessions, sign_in, sign_out,
};
pub use settings::{ChangeSettingsError, OrganisationSettings, Sections, change_settings};
pub use sso::{AssertError, AssertRequest, Grant, Tile, assert, list_tiles};
pub use store::{Read, Store, StoreError, Unique, Write};
pub use text::TextError;
pub use users::{
    BulkOutcome, ChangeWithPassword, CreateUserError, CreationMethod, DeleteUserError,
    InvalidField, Matches, NewUser, PublicKey, SetPasswordError, SetUserStateError, StateSchedule,
    UpdateUserError, UpdateWithPasswordError, User, UserChange, UserColumn, UserCounts, UserFilter,
    UserPage, UserSort, UserState, count_users, create_user, delete_user, delete_users, list_users,
    set_password, set_user_state, set_user_states, update_user, update_user_with_password,
};
