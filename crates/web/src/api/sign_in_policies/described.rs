//! The parts of a policy, for the description of the API. What is read and written are the types of
//! `jetway_identity::sign_in_policies`, which know their JSON; a test sends what is described here.
#![expect(
    dead_code,
    reason = "described and never made: the types of the domain are read and written"
)]

use utoipa::ToSchema;

/// Whose sign-ins a policy is about.
#[derive(ToSchema)]
#[schema(as = SignInPolicyWho, rename_all = "snake_case")]
pub(super) enum Who {
    /// People and administrators.
    Everyone,
    /// Members of at least one of these groups, by id. Groups that are deleted leave the list.
    Groups(Vec<String>),
    /// Everybody who signs in to the admin portal.
    Administrators,
}

/// What is opened.
#[derive(ToSchema)]
#[schema(as = SignInPolicyApplications, rename_all = "snake_case")]
pub(super) enum Applications {
    /// Every application, and both portals.
    Any,
    /// One of these, by id, and no portal. Applications that are deleted leave the list.
    Some(Vec<String>),
}

/// When a policy holds: all of what is given must be so.
#[derive(ToSchema)]
#[schema(as = SignInPolicyConditions)]
pub(super) struct Conditions {
    #[schema(required = false)]
    networks: Networks,
    #[schema(required = false)]
    times: Times,
    #[schema(required = false)]
    device: Device,
}

/// Where the sign-in comes from. Without networks: anywhere.
#[derive(ToSchema)]
#[schema(as = SignInPolicyNetworks)]
pub(super) struct Networks {
    /// If there are any: the address is in one of them. In CIDR notation.
    #[schema(required = false, max_items = 100, example = json!(["192.0.2.0/24"]))]
    inside: Vec<String>,
    /// The address is in none of them.
    #[schema(required = false, max_items = 100, example = json!(["2001:db8::/32"]))]
    outside: Vec<String>,
}

/// When the sign-in is. Without windows: always.
#[derive(ToSchema)]
#[schema(as = SignInPolicyTimes)]
pub(super) struct Times {
    /// If there are any: the instant is in one of them.
    #[schema(required = false, max_items = 14)]
    inside: Vec<TimeWindow>,
    /// The instant is in none of them.
    #[schema(required = false, max_items = 14)]
    outside: Vec<TimeWindow>,
}

/// A time of day on certain days of the week, at a fixed distance from UTC. When `until` is not
/// later than `from` it ends on the day after.
#[derive(ToSchema)]
#[schema(as = SignInPolicyTimeWindow)]
pub(super) struct TimeWindow {
    #[schema(min_items = 1, max_items = 7)]
    days: Vec<Day>,
    /// `HH:MM`
    #[schema(example = "08:00", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    from: String,
    /// `HH:MM`; `24:00` is the end of the day.
    #[schema(example = "18:00", pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    until: String,
    /// `+01:00`, or `Z`. It does not follow daylight saving time.
    #[schema(example = "+01:00", pattern = "^(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$")]
    utc_offset: String,
}

/// A day of the week.
#[derive(ToSchema)]
#[schema(as = DayOfTheWeek, rename_all = "snake_case")]
pub(super) enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Whether the person has signed in with the browser before.
#[derive(ToSchema)]
#[schema(as = SignInPolicyDevice, rename_all = "snake_case")]
pub(super) enum Device {
    Any,
    Known,
    New,
}

/// What a policy asks where it holds.
#[derive(ToSchema)]
#[schema(as = SignInPolicyEffect, rename_all = "snake_case")]
pub(super) enum Effect {
    /// The sign-in is refused.
    Deny,
    /// Nothing more. It does not loosen what another policy asks: the strictest wins.
    AllowWithoutSecondFactor,
    RequireSecondFactor(SecondFactor),
}

/// A second factor that is asked for.
#[derive(ToSchema)]
#[schema(as = SignInPolicySecondFactor)]
pub(super) struct SecondFactor {
    /// Any of these will do.
    #[schema(min_items = 1, max_items = 4)]
    kinds: Vec<FactorKind>,
    /// The factor was proved at most so many minutes ago. `null`: at any time in the session.
    #[schema(minimum = 1, maximum = 43200)]
    max_age_minutes: Option<u32>,
    #[schema(required = false)]
    without_factor: WithoutFactor,
}

/// A kind of second factor.
#[derive(ToSchema)]
#[schema(as = SecondFactorKind, rename_all = "snake_case")]
pub(super) enum FactorKind {
    Totp,
    Webauthn,
    Push,
    RecoveryCode,
}

/// What becomes of a person who has none of the kinds, once the time to enrol is over.
#[derive(ToSchema)]
#[schema(as = SignInPolicyWithoutFactor, rename_all = "snake_case")]
pub(super) enum WithoutFactor {
    /// The sign-in goes on only after the enrolment of one.
    Enrol,
    /// The sign-in is refused.
    Deny,
}
