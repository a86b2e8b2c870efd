//! What AWS says when a sign-in fails, and what it means. The wording is AWS's own; small letters
//! and single spaces, as `aws_errors` compares them.

pub(super) struct Known {
    /// All of these stand in the text.
    pub(super) words: &'static [&'static str],
    /// Whether it says only that something failed.
    pub(super) general: bool,
    pub(super) title: &'static str,
    pub(super) explanation: &'static str,
    pub(super) fix: &'static str,
}

const fn known(
    words: &'static [&'static str],
    title: &'static str,
    explanation: &'static str,
    fix: &'static str,
) -> Known {
    Known {
        words,
        general: false,
        title,
        explanation,
        fix,
    }
}

const fn general(
    words: &'static [&'static str],
    title: &'static str,
    explanation: &'static str,
    fix: &'static str,
) -> Known {
    Known {
        words,
        general: true,
        title,
        explanation,
        fix,
    }
}

pub(super) const TEXTS: &[Known] = &[
    // AWS IAM: the sign-in page and AssumeRoleWithSAML.
    known(
        &["rolesessionname in authnresponse must match"],
        "The session name has characters that AWS does not take",
        "RoleSessionName must be 2 to 64 characters of a to z, A to Z, digits and _ + = , . @ -. Spaces, accents and slashes are not allowed.",
        "Application, Attributes: take RoleSessionName from the e-mail address or the username. If it is already, look at the value of this person.",
    ),
    known(
        &["rolesessionname is required"],
        "The session name is missing",
        "The assertion has no RoleSessionName, or an empty one: the person has no value for the attribute that it is taken from.",
        "Application, Attributes: map https://aws.amazon.com/SAML/Attributes/RoleSessionName to the e-mail address, or fill in the attribute for this person.",
    ),
    known(
        &["source identity must match"],
        "The source identity has characters that AWS does not take",
        "SourceIdentity must be 2 to 64 characters of a to z, A to Z, digits and _ + = , . @ -, and must not begin with aws:.",
        "Application, Attributes: take SourceIdentity from the e-mail address or the username.",
    ),
    known(
        &["response signature invalid"],
        "AWS has other metadata than ours",
        "The signature does not match the key that AWS keeps. Most often the application got a new key, or the metadata of another application was uploaded.",
        "Download the metadata of this application again and upload it to the SAML provider in IAM (or to IAM Identity Center), for example with aws iam update-saml-provider.",
    ),
    known(
        &["must contain an assertion with a mandatory signature"],
        "The assertion is not signed",
        "AWS wants the assertion itself signed. A signature over the response alone is not enough.",
        "Application, SSO, signing: choose to sign the assertion.",
    ),
    known(
        &["issuer not present in specified provider"],
        "The issuer is not the one in AWS's copy of the metadata",
        "The Issuer of the assertion differs from the entityID of the metadata that the SAML provider was made from, letter for letter. Often two applications were mixed up, or the IdP entity ID was changed later.",
        "Application, SSO: compare the IdP entity ID with the entityID in AWS, or upload our metadata to the SAML provider again. In the Role attribute, check that the provider ARN is the right one.",
    ),
    known(
        &["specified provider doesn't exist"],
        "There is no SAML provider of this name in the account",
        "The provider ARN in the Role attribute names one that AWS does not have. Names are compared letter for letter, and each account has its own providers.",
        "Application, Attributes, Role: correct the provider ARN (arn:aws:iam::<account>:saml-provider/<name>), or create the provider in IAM, Identity providers.",
    ),
    known(
        &["doesn't contain the requested role and metadata in the attributes"],
        "The assertion does not name this role",
        "The role and provider that were asked for are not a value of the Role attribute for this person.",
        "Give the person a group with this role, or correct the pair of ARNs in the application, SSO, attribute Role. On the command line, check the role that was chosen.",
    ),
    known(
        &["not authorized to perform sts:assumerolewithsaml"],
        "The role does not trust this sign-in",
        "AWS says the same for several causes: there is no such role, its trust policy names another SAML provider, the condition on SAML:aud differs from the Recipient, or the assertion carries tags or a source identity and the trust policy does not allow sts:TagSession or sts:SetSourceIdentity. Roles of IAM Identity Center (AWSReservedSSO_) can never be reached this way.",
        "Application, AWS set-up: compare the trust policy shown there with the one in IAM, Roles, Trust relationships, and put it in its place.",
    ),
    known(
        &["not authorized to perform: sts:tagsession"],
        "The role does not allow session tags",
        "The assertion carries PrincipalTag attributes, and the trust policy does not allow sts:TagSession.",
        "Add sts:TagSession to the actions of the trust policy; the application, AWS set-up, shows all of it.",
    ),
    known(
        &["unable to validate tags"],
        "A session tag has characters that AWS does not take, or is too long",
        "A key has 1 to 128 and a value at most 256 characters: letters, digits, spaces and _ . : / = + - @. There can be 50 tags. It fails only for people whose values break the rule.",
        "Application, Attributes: look at what each PrincipalTag attribute is taken from, and correct the value of this person.",
    ),
    known(
        &["packed policy consumes"],
        "Session policy and tags are too large together",
        "AWS packs session policies and session tags into the session, and this one is full.",
        "Send fewer or shorter PrincipalTag attributes, or a smaller session policy.",
    ),
    known(
        &["token must be redeemed within 5 minutes of issuance"],
        "The assertion is older than five minutes, or the clock is wrong",
        "AWS takes an assertion only within five minutes of its IssueInstant. It was kept too long, or the clock of this server is behind.",
        "Sign in again and use the new assertion at once. If it happens each time, set the clock of this server by NTP.",
    ),
    known(
        &["response has expired"],
        "The assertion is over, or the clock is wrong",
        "The end of the conditions, of the subject confirmation or of the session (SessionNotOnOrAfter) is past.",
        "Sign in again. If it happens each time, set the clock of this server by NTP, and look at how long assertions hold in the application's SSO settings.",
    ),
    known(
        &["exceeds the maxsessionduration"],
        "The session is longer than the role allows",
        "SessionDuration, or the duration that the command line asks for, is above the maximum session duration of the role (1 hour unless somebody changed it).",
        "Application, Attributes, SessionDuration: make it shorter. Or raise the maximum session duration of the role in IAM (up to 12 hours).",
    ),
    known(
        &["1 hour session limit for roles assumed by role chaining"],
        "A chained role lasts one hour",
        "A role that is taken on from another role's session lasts at most one hour.",
        "Ask for 3600 seconds or less.",
    ),
    known(
        &["at 'durationseconds' failed to satisfy constraint"],
        "The session length is out of bounds",
        "AWS takes 900 to 43200 seconds.",
        "Ask for a length between 15 minutes and 12 hours; the application's attribute SessionDuration and the settings of the command line name it.",
    ),
    known(
        &["request arn is invalid"],
        "What should be the role ARN is none",
        "Role and provider may be the wrong way round, or there is a stray character.",
        "Application, Attributes, Role: use arn:aws:iam::<account>:role/<name>,arn:aws:iam::<account>:saml-provider/<name>.",
    ),
    known(
        &["principal arn is invalid"],
        "What should be the provider ARN is none",
        "Role and provider may be the wrong way round, or there is a stray space.",
        "Application, Attributes, Role: use arn:aws:iam::<account>:role/<name>,arn:aws:iam::<account>:saml-provider/<name>.",
    ),
    known(
        &["does not contain the required audience"],
        "The audience is not AWS",
        "The Audience of the assertion is not the one that AWS goes by.",
        "Application, SSO: the SP entity ID must be urn:amazon:webservices.",
    ),
    known(
        &["subjectconfirmat", "recipient and notonorafter"],
        "The subject confirmation is incomplete",
        "SubjectConfirmationData needs a Recipient and a NotOnOrAfter.",
        "Application, SSO: the ACS URL must be filled in.",
    ),
    known(
        &["invalid base64 samlresponse"],
        "AWS cannot read the response",
        "AWS says this of broken base64, and of nearly everything that is missing in a response: conditions, recipient, end of the subject confirmation, NameID format, authentication statement.",
        "Paste the SAMLResponse here to see what is missing.",
    ),
    known(
        &["did not contain a valid saml assertion"],
        "The response is too large",
        "The sign-in page takes at most 128 KB, the command line's way 100000 characters.",
        "Send fewer attributes and roles: assign people to fewer groups, or split the application.",
    ),
    known(
        &["region", "sts is not activated in this region"],
        "STS is switched off in this region",
        "Somebody has deactivated the regional endpoint of STS for the account.",
        "IAM, Account settings, Security Token Service: activate the region, or use another.",
    ),
    // IAM Identity Center.
    known(
        &["looks like this code isn't right"],
        "IAM Identity Center does not accept the person",
        "Most often there is no user there whose username is exactly the NameID, which is the e-mail address. Or IAM Identity Center still has the metadata of an old key.",
        "Check in IAM Identity Center, Users, that the username equals the e-mail address of the person; run provisioning if the user is missing. Application, SSO: the NameID must be the e-mail address in the format emailAddress.",
    ),
    known(
        &["an unexpected error has occurred"],
        "IAM Identity Center refuses the assertion",
        "The NameID is not the username of anybody there, has another format than emailAddress, the ACS URL differs, or an AccessControl attribute has several values.",
        "Compare the NameID with the username in IAM Identity Center. Application, SSO: NameID in the format emailAddress, ACS URL and SP entity ID from the metadata of IAM Identity Center. Paste the SAMLResponse here for the rest.",
    ),
    known(
        &["couldn't complete your request right now"],
        "The format of the NameID is wrong for IAM Identity Center",
        "IAM Identity Center wants the format urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress.",
        "Application, SSO, NameID: choose the format emailAddress.",
    ),
    known(
        &["response contains invalid name id policy format"],
        "The format of the NameID is wrong for IAM Identity Center",
        "IAM Identity Center wants the format urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress.",
        "Application, SSO, NameID: choose the format emailAddress.",
    ),
    known(
        &["it's not you, it is us"],
        "IAM Identity Center does not accept the signature or the times",
        "The certificate there is an old one, the clock of this server is wrong, or the NameID has another format.",
        "Upload our metadata to IAM Identity Center again, set the clock of this server by NTP, and choose emailAddress as the format of the NameID.",
    ),
    known(
        &["it's not you, it's us"],
        "IAM Identity Center does not accept the signature or the times",
        "The certificate there is an old one, the clock of this server is wrong, or the NameID has another format.",
        "Upload our metadata to IAM Identity Center again, set the clock of this server by NTP, and choose emailAddress as the format of the NameID.",
    ),
    known(
        &["invalid mfa credentials"],
        "IAM Identity Center does not know the person",
        "The user is not provisioned yet, or the username there is not the e-mail address of the person here.",
        "Provision the person, or change the username in IAM Identity Center to the e-mail address.",
    ),
    known(
        &["session token not found or invalid"],
        "The session at the access portal was ended",
        "An administrator of IAM Identity Center has revoked it, or it is over.",
        "Sign in again.",
    ),
    known(
        &["not a valid response for the provided request id"],
        "The response answers another request",
        "The sign-in began in another tab or was answered twice.",
        "Begin again at the access portal, in one tab.",
    ),
    // What says only that it failed.
    general(
        &["your request included an invalid saml response"],
        "AWS found no usable role in the response",
        "The Role attribute is missing, or still has a placeholder, or AWS cannot read the response at all.",
        "Application, Attributes: check Role. Give the person a group that carries a role. Paste the SAMLResponse here for more.",
    ),
    general(
        &["something went wrong"],
        "IAM Identity Center refuses the sign-in",
        "It does not say why. Most often the NameID is not the username of anybody there.",
        "Check that the username in IAM Identity Center equals the e-mail address of the person, and paste the SAMLResponse here. CloudTrail has the reason as ExternalIdPDirectoryLogin.",
    ),
    general(
        &["invalididentitytoken"],
        "AWS refuses the assertion",
        "The rest of the message says why, but it is not known here.",
        "Paste the SAMLResponse here.",
    ),
    general(
        &["expiredtoken"],
        "Something is over",
        "The assertion or the credentials are past their end.",
        "Sign in again.",
    ),
];
