//! TagSAMLProvider, UntagSAMLProvider, ListSAMLProviderTags.

use jetway_aws_wire::AwsError;

use super::{
    call::{Call, Paging, Reply},
    saml_providers::{tag_saml_provider, untag_saml_provider},
    shapes, tags, write,
};

pub(super) fn tag(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    let new = members.tags("Tags");
    members.done()?;
    let provider = call.provider("iam:TagSAMLProvider", arn)?;
    tag_saml_provider(call.aws, call.account_id(), &provider.record.name, &new)?;
    Ok(Reply::Empty)
}

pub(super) fn untag(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    let keys = members.tag_keys();
    members.done()?;
    let provider = call.provider("iam:UntagSAMLProvider", arn)?;
    untag_saml_provider(call.aws, call.account_id(), &provider.record.name, &keys)?;
    Ok(Reply::Empty)
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("SAMLProviderArn", shapes::ARN);
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let provider = call.provider("iam:ListSAMLProviderTags", arn)?;
    Ok(paging
        .page(tags::sorted(&provider.record.tags), |tag| tag.key.clone())
        .into_reply("Tags", |xml, tag| write::write_tag(xml, &tag)))
}
