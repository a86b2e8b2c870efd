//! Codes of an authenticator app (RFC 6238): HMAC-SHA-1, six digits, thirty seconds. Every app knows
//! these values, and many know no others.

use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rand::Rng;
use rand::rngs::StdRng;
use secrecy::SecretString;
use time::OffsetDateTime;
use zeroize::{Zeroize, Zeroizing};

/// 160 bits, as RFC 4226 §4 R6 recommends.
const SECRET_BYTES: usize = 20;
/// Time step in seconds (RFC 6238 §4.1).
const STEP_SECONDS: u64 = 30;
/// Steps before and after the present one whose codes are taken (RFC 6238 §5.2).
const DRIFT: u64 = 1;
const DIGITS: usize = 6;
/// Longest text that is looked at, in bytes: six digits and more spaces than anybody types.
const MAX_TYPED: usize = 32;
/// Longest name in an address, in characters: a longer one makes a picture that phones cannot read.
const MAX_NAME: usize = 64;
/// In place of an issuer of which nothing is left. The parameter must not be empty.
const NO_ISSUER: &str = "Jetway";

/// RFC 4648 §6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// RFC 3986 §2.3. Not the escapes of forms: apps show their plus signs to the person.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Number of a time step: whole thirties of seconds since 1970.
pub type TotpStep = u64;

/// What an authenticator app and the identity provider share. Stored sealed under
/// [`crate::SealingKey`] (security.md item 29).
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

/// Why a code was not taken. What a person sees before the sign-in is complete should not tell these
/// apart; the activity log does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    #[error("a code has six digits; type the one that your authenticator app shows")]
    NotACode,
    #[error(
        "this code is wrong or no longer valid; type the one that your app shows now, and if that does not work let your phone set its clock by itself"
    )]
    Wrong,
    #[error("this code has been used already; wait for the next one")]
    AlreadyUsed,
}

impl TotpSecret {
    /// A new secret of 160 random bits.
    pub fn random(rng: &mut StdRng) -> Self {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        rng.fill_bytes(&mut *bytes);
        Self(bytes)
    }

    /// The secret that [`Self::as_bytes`] gave; `None` unless there are 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Zeroizing::new).map(Self)
    }

    /// The 20 bytes, for sealing.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret in base32 without padding, in eight groups of four letters: for people who type it
    /// into an app that has no camera.
    pub fn for_typing(&self) -> SecretString {
        let text = Zeroizing::new(base32(&self.0));
        let mut groups = String::with_capacity(text.len() + text.len() / 4);
        for (index, letter) in text.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                groups.push(' ');
            }
            groups.push(letter);
        }
        SecretString::from(groups)
    }

    /// The `otpauth://` address that apps read from a QR code. `issuer` is the organisation,
    /// `account` the person's address; whatever they contain, they end up in the label and in the
    /// parameter `issuer` and nowhere else. Names over 64 characters are cut.
    pub fn uri(&self, issuer: &str, account: &str) -> SecretString {
        let issuer = Some(label(issuer)).filter(|issuer| !issuer.is_empty());
        let issuer = issuer.unwrap_or_else(|| NO_ISSUER.to_owned());
        let account = label(account);
        let secret = Zeroizing::new(base32(&self.0));
        SecretString::from(format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            issuer = escaped(&issuer),
            account = escaped(&account),
            secret = secret.as_str(),
        ))
    }

    /// Checks a typed code at `now`. Gives the step that it belongs to, to be stored as the next
    /// `last_used`; only a later step is taken after that, so that a code works once (RFC 6238 §5.2).
    /// Of two requests with one code, only the first may find `last_used` unchanged when it stores
    /// the step: the caller makes the change conditional. Spaces in the code do not matter.
    pub fn verify(
        &self,
        typed: &str,
        now: OffsetDateTime,
        last_used: Option<TotpStep>,
    ) -> Result<TotpStep, CodeRefused> {
        let typed = six_digits(typed).ok_or(CodeRefused::NotACode)?;
        let present = u64::try_from(now.unix_timestamp()).unwrap_or(0) / STEP_SECONDS;
        // Every step is looked at, whichever one fits. Should two steps have the same code, the later
        // one counts, or the code would work twice.
        let mut found = None;
        for step in present.saturating_sub(DRIFT)..=present + DRIFT {
            let code = self.code(step);
            if constant_time::verify_slices_are_equal(&*code, &*typed).is_ok() {
                found = Some(step);
            }
        }
        let step = found.ok_or(CodeRefused::Wrong)?;
        match last_used {
            Some(last) if step <= last => Err(CodeRefused::AlreadyUsed),
            _ => Ok(step),
        }
    }

    /// The code of a step: RFC 4226 §5.3 with the step as the counter.
    fn code(&self, step: TotpStep) -> Zeroizing<[u8; DIGITS]> {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &*self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let offset = tag
            .as_ref()
            .last()
            .map_or(0, |last| usize::from(last & 0xf));
        let window = tag.as_ref().get(offset..offset + 4).unwrap_or_default();
        let number = window
            .iter()
            .fold(0, |sum: u32, byte| sum << 8 | u32::from(*byte));
        let mut number = number & 0x7fff_ffff;
        let mut code = Zeroizing::new([b'0'; DIGITS]);
        for digit in code.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
        }
        number.zeroize();
        code
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(***)")
    }
}

/// The digits of a typed code; `None` unless it is six of them, and spaces.
fn six_digits(typed: &str) -> Option<Zeroizing<[u8; DIGITS]>> {
    if typed.len() > MAX_TYPED {
        return None;
    }
    let mut digits = Zeroizing::new([0; DIGITS]);
    let mut places = digits.iter_mut();
    for byte in typed.bytes().filter(|byte| *byte != b' ') {
        *places.next()? = Some(byte).filter(u8::is_ascii_digit)?;
    }
    let full = places.next().is_none();
    full.then_some(digits)
}

/// A name without what would end it early or turn it around. A colon is what separates the two names
/// of a label.
fn label(name: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let kept = name
        .chars()
        .filter(|c| !c.is_control() && !turns(*c) && *c != ':');
    let cut: String = kept.take(MAX_NAME).collect();
    cut.trim().to_owned()
}

fn escaped(name: &str) -> String {
    utf8_percent_encode(name, ESCAPED).to_string()
}

/// RFC 4648 §6, without padding: 160 bits need none.
fn base32(bytes: &[u8; SECRET_BYTES]) -> String {
    let mut text = String::with_capacity(SECRET_BYTES * 8 / 5);
    for five in bytes.chunks(5) {
        let bits = five
            .iter()
            .fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            let index = usize::try_from(bits >> (place * 5) & 31).unwrap_or(0);
            text.extend(BASE32.get(index).copied().map(char::from));
        }
    }
    text
}
