//! Responses that differ from ours in ways that do not matter. None may be refused.

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use jetway_saml::{Attribute, ReceivedResponse, Unverified, Verified};

use crate::fixture::{
    IDP, VICTIM, attribute, doubly_signed, forge,
    forge::{signed_after, unsigned_assertion, with_signature},
    genuine, idp, p256, p384, receive, receive_with,
    sign::{ENVELOPED, EXC_C14N, Key, Recipe, inclusive, transform},
    stranger,
    text::{after, base64, before, content, element, replaced, without},
};

#[track_caller]
fn accepted(xml: &str) -> Verified<ReceivedResponse> {
    let received = receive(xml).unwrap_or_else(|refusal| panic!("{refusal:?}:\n{xml}"));
    assert_eq!(received.assertion.name_id.value, VICTIM);
    received
}

#[test]
fn our_own_responses_are_accepted() {
    assert!(!accepted(&genuine()).response_signed);
    assert!(accepted(&doubly_signed()).response_signed);
}

#[test]
fn rsa_with_sha384_and_sha512_is_accepted() {
    for recipe in [Recipe::rsa_sha384(), Recipe::rsa_sha512()] {
        accepted(&forge::resigned(&unsigned_assertion(), &recipe));
    }
}

#[test]
fn digest_and_signature_may_use_different_hashes() {
    let recipe = Recipe {
        digest_method: Recipe::rsa_sha512().digest_method,
        ..Recipe::default()
    };
    accepted(&forge::resigned(&unsigned_assertion(), &recipe));
}

#[test]
fn elliptic_curve_keys_are_accepted() {
    for (key, name) in [(p256(), "ecdsa-sha256"), (p384(), "ecdsa-sha384")] {
        let xml = forge::resigned(&unsigned_assertion(), &Recipe::ec(&key, name));
        assert!(
            receive_with(&xml, std::slice::from_ref(&key.verifying)).is_ok(),
            "{name}"
        );
    }
}

#[test]
fn any_of_several_trusted_keys_may_have_signed() {
    let ours = &idp().verifying;
    let other = &stranger().verifying;
    for keys in [
        vec![other.clone(), ours.clone()],
        vec![ours.clone(), other.clone()],
    ] {
        assert!(receive_with(&genuine(), &keys).is_ok());
    }
}

#[test]
fn other_prefixes_are_accepted() {
    let assertion = unsigned_assertion()
        .replace("saml:", "saml2:")
        .replace("xmlns:saml=", "xmlns:saml2=");
    let recipe = Recipe {
        prefix: "dsig:",
        ..Recipe::default()
    };
    let xml = forge::resigned(&assertion, &recipe);
    accepted(
        &xml.replace("samlp:", "p:")
            .replace("xmlns:samlp=", "xmlns:p="),
    );
}

#[test]
fn default_namespaces_are_accepted() {
    let assertion = unsigned_assertion()
        .replace("saml:", "")
        .replace("xmlns:saml=", "xmlns=");
    let recipe = Recipe {
        prefix: "",
        ..Recipe::default()
    };
    let xml = forge::resigned(&assertion, &recipe);
    let xml = xml
        .replace("samlp:", "")
        .replace("xmlns:samlp=", "xmlns=")
        .replace(":samlp", "");
    accepted(&xml);
}

#[test]
fn a_pretty_printed_assertion_is_accepted() {
    let xml = signed_after(|assertion| {
        assertion
            .replace("><saml:", ">\n    <saml:")
            .replace("></saml:", ">\n</saml:")
    });
    accepted(&xml.replace("<samlp:Status>", "\n\t<samlp:Status>\n"));
}

#[test]
fn windows_line_ends_are_accepted() {
    let xml = signed_after(|assertion| assertion.replace("><saml:Sub", ">\n<saml:Sub"));
    accepted(&xml.replace('\n', "\r\n"));
}

#[test]
fn an_xml_declaration_and_a_byte_order_mark_are_accepted() {
    for start in [
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n",
        "\u{FEFF}",
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    ] {
        accepted(&format!("{start}{}\n", genuine()));
    }
}

#[test]
fn the_same_infoset_written_differently_is_accepted() {
    let genuine = genuine();
    let conditions = element(&genuine, "saml:Conditions")
        .split('>')
        .next()
        .unwrap();
    let times: Vec<_> = conditions.split('"').collect();
    let swapped = format!(
        "<saml:Conditions\n  NotOnOrAfter = '{}'\tNotBefore='{}'\n",
        times[3], times[1]
    );
    let xml = replaced(&genuine, conditions, &swapped)
        .replace("></samlp:StatusCode>", "/>")
        .replace("></saml:SubjectConfirmationData>", " />")
        .replace("></ds:Transform>", "/>")
        .replace("</saml:NameID>", "</saml:NameID \n>")
        .replace("road.runner", "road&#46;r&#x75;nner")
        .replace("arn:aws:iam", "arn&#58;aws:iam");
    accepted(&xml);
}

#[test]
fn unused_namespace_declarations_are_accepted() {
    let xml = replaced(
        &genuine(),
        "<saml:Subject>",
        "<saml:Subject xmlns:unused=\"urn:unused\" xmlns=\"\">",
    );
    accepted(&replaced(
        &xml,
        "<samlp:Response ",
        "<samlp:Response xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ",
    ));
}

#[test]
fn inclusive_namespace_prefixes_are_honoured() {
    let xs = "xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
    let recipe = |list: &str| Recipe {
        transforms: format!("{}{}", transform(ENVELOPED), inclusive(list)),
        ..Recipe::default()
    };
    // xs is declared on the response, so it belongs to the canonical form only because it is listed.
    let canonical = replaced(&unsigned_assertion(), " ID=", &format!(" {xs} ID="));
    for list in ["xs", " xs  saml ", "#default xs unknown"] {
        let signature = recipe(list).signature(&canonical, "_a0123456789abcdef0123456789abcdef");
        let xml = forge::enclosed(&with_signature(&unsigned_assertion(), &signature));
        let declared = replaced(&xml, "<samlp:Response ", &format!("<samlp:Response {xs} "));
        accepted(&declared);
        assert!(receive(&xml).is_err(), "the list {list} was not honoured");
    }
}

#[test]
fn a_default_namespace_in_the_prefix_list_is_honoured() {
    let recipe = Recipe {
        transforms: format!("{}{}", transform(ENVELOPED), inclusive("#default")),
        ..Recipe::default()
    };
    let canonical = replaced(
        &unsigned_assertion(),
        "<saml:Assertion ",
        "<saml:Assertion xmlns=\"urn:d\" ",
    );
    let signature = recipe.signature(&canonical, "_a0123456789abcdef0123456789abcdef");
    let xml = forge::enclosed(&with_signature(&unsigned_assertion(), &signature));
    accepted(&replaced(
        &xml,
        "<samlp:Response ",
        "<samlp:Response xmlns=\"urn:d\" ",
    ));
}

#[test]
fn the_prefix_list_of_signed_info_is_honoured() {
    let list = format!(
        "<ec:InclusiveNamespaces xmlns:ec=\"{EXC_C14N}\" PrefixList=\"xs\"></ec:InclusiveNamespaces>"
    );
    let xs = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";
    let recipe = Recipe {
        own_prefixes: (&list, xs),
        ..Recipe::default()
    };
    let xml = forge::resigned(&unsigned_assertion(), &recipe);
    accepted(&replaced(
        &xml,
        "<samlp:Response ",
        &format!("<samlp:Response{xs} "),
    ));
    assert!(receive(&xml).is_err());
}

#[test]
fn the_meaningless_prefix_list_of_xml_crypto_is_accepted() {
    let odd = format!(
        "<ds:Transform Algorithm=\"{ENVELOPED}\"><InclusiveNamespaces xmlns=\"{ENVELOPED}\" PrefixList=\"xs\"></InclusiveNamespaces></ds:Transform>"
    );
    let recipe = Recipe {
        transforms: format!("{odd}{}", transform(EXC_C14N)),
        ..Recipe::default()
    };
    accepted(&forge::resigned(&unsigned_assertion(), &recipe));
}

#[test]
fn typed_attribute_values_are_accepted() {
    let xml = signed_after(|assertion| {
        assertion.replace(
            "<saml:AttributeValue>",
            "<saml:AttributeValue xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">",
        )
    });
    // xs is only used inside a value, so exclusive canonicalisation drops its declaration.
    assert!(receive(&xml).is_err());
    let canonical = unsigned_assertion().replace(
        "<saml:AttributeValue>",
        "<saml:AttributeValue xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">",
    );
    let signature = Recipe::default().signature(&canonical, "_a0123456789abcdef0123456789abcdef");
    let xml = forge::enclosed(&with_signature(&canonical, &signature));
    accepted(&replaced(
        &xml,
        "<samlp:Response ",
        "<samlp:Response xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ",
    ));
}

#[test]
fn key_info_may_be_missing_or_say_anything_about_keys() {
    for info in [
        "",
        "<ds:KeyInfo></ds:KeyInfo>",
        "<ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo>",
        "<ds:KeyInfo Id=\"k1\"><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AA==</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>",
        "<ds:KeyInfo><ds:KeyValue><e:ECKeyValue xmlns:e=\"http://www.w3.org/2009/xmldsig11#\"><e:NamedCurve URI=\"urn:oid:1.2.840.10045.3.1.7\"/></e:ECKeyValue></ds:KeyValue></ds:KeyInfo>",
    ] {
        let recipe = Recipe {
            key: Key::Rsa(idp(), &RSA_PKCS1_SHA256),
            key_info: info.to_owned(),
            ..Recipe::default()
        };
        accepted(&forge::resigned(&unsigned_assertion(), &recipe));
    }
}

#[test]
fn wrapped_base64_is_accepted() {
    let wrap = |text: &str, every: usize, with: &str| {
        let chunks: Vec<_> = text
            .as_bytes()
            .chunks(every)
            .map(|c| std::str::from_utf8(c).unwrap())
            .collect();
        chunks.join(with)
    };
    let xml = genuine();
    let value = content(&xml, "ds:SignatureValue");
    let xml = replaced(&xml, value, &format!("\n{}\n", wrap(value, 64, "\n  ")));
    accepted(&xml);
    for separator in ["\n", "\r\n"] {
        let posted = format!("{}{separator}", wrap(&base64(&xml), 76, separator));
        let unverified = Unverified::from_base64(&posted).unwrap();
        assert!(unverified.verify(&[idp().verifying.clone()]).is_ok());
    }
}

#[test]
fn optional_parts_may_be_missing() {
    let xml = genuine();
    let xml = replaced(
        &xml,
        " Destination=\"https://signin.aws.amazon.com/saml\"",
        "",
    );
    let without_issuer = without(&xml, "saml:Issuer");
    let received = accepted(&without_issuer);
    assert_eq!(received.destination, None);
    assert_eq!(received.issuer, None);
    let bare = signed_after(|a| {
        let a = without(
            &without(a, "saml:AudienceRestriction"),
            "saml:AttributeStatement",
        );
        let a = replaced(&a, " SessionIndex=\"_s1\"", "");
        let end = element(&a, "saml:Conditions")
            .split('"')
            .nth(3)
            .unwrap()
            .to_owned();
        replaced(
            &a,
            &format!("NotOnOrAfter=\"{end}\"></saml:Cond"),
            "></saml:Cond",
        )
        .replace("Z\" >", "Z\">")
    });
    let received = accepted(&bare);
    assert!(received.assertion.audiences.is_empty());
    assert!(received.assertion.attributes.is_empty());
    assert_eq!(received.assertion.session_index, None);
    assert_eq!(received.assertion.conditions_not_on_or_after, None);
}

#[test]
fn optional_parts_may_be_there() {
    let xml = signed_after(|a| {
        let a = after(
            a,
            "</saml:AudienceRestriction>",
            "<saml:AudienceRestriction><saml:Audience>a</saml:Audience><saml:Audience> b\n</saml:Audience></saml:AudienceRestriction><saml:OneTimeUse></saml:OneTimeUse><saml:ProxyRestriction Count=\"0\"></saml:ProxyRestriction>",
        );
        let a = after(
            &a,
            "</saml:Conditions>",
            "<saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef></saml:Advice>",
        );
        let a = before(
            &a,
            "<saml:AuthnContext>",
            "<saml:SubjectLocality Address=\"192.0.2.1\"></saml:SubjectLocality>",
        );
        let a = replaced(&a, "<saml:NameID ", "<saml:NameID ").replace(
            "emailAddress\">",
            "emailAddress\" NameQualifier=\"q\" SPNameQualifier=\"s\">",
        );
        replaced(
            &a,
            "<saml:SubjectConfirmationData NotOnOrAfter",
            "<saml:SubjectConfirmationData Address=\"192.0.2.1\" InResponseTo=\"_q\" NotBefore=\"2026-11-22T04:12:40.5Z\" NotOnOrAfter",
        )
    });
    let xml = replaced(
        &xml,
        "</samlp:StatusCode>",
        "</samlp:StatusCode><samlp:StatusMessage>fine</samlp:StatusMessage><samlp:StatusDetail><x:y xmlns:x=\"urn:x\">z</x:y></samlp:StatusDetail>",
    );
    let xml = replaced(
        &xml,
        "<samlp:Response ",
        "<samlp:Response Consent=\"urn:oasis:names:tc:SAML:2.0:consent:obtained\" ",
    );
    let received = accepted(&xml);
    let audiences = [vec!["urn:amazon:webservices"], vec!["a", "b"]];
    assert_eq!(received.assertion.audiences, audiences);
    assert_eq!(received.assertion.in_response_to.as_deref(), Some("_q"));
    assert!(received.assertion.confirmation_not_before.is_some());
}

#[test]
fn attributes_keep_their_order_and_repetition() {
    let xml = signed_after(|a| {
        let more = "<saml:AttributeStatement><saml:Attribute Name=\"dup\"></saml:Attribute>\
                    <saml:Attribute FriendlyName=\"f\" Name=\"dup\"><saml:AttributeValue></saml:AttributeValue>\
                    <saml:AttributeValue> two </saml:AttributeValue></saml:Attribute>\
                    <saml:Attribute Name=\"targeted\"><saml:AttributeValue><saml:NameID>opaque</saml:NameID></saml:AttributeValue></saml:Attribute>\
                    </saml:AttributeStatement></saml:Assertion>";
        replaced(a, "</saml:Assertion>", more)
    });
    let received = accepted(&xml);
    let expected: Vec<Attribute> = vec![
        attribute("dup", &[]),
        attribute("dup", &["", " two "]),
        attribute("targeted", &["opaque"]),
    ];
    assert_eq!(received.assertion.attributes[2..], expected);
}

#[test]
fn white_space_around_entity_ids_does_not_count() {
    let xml = signed_after(|a| {
        replaced(
            a,
            &format!("{IDP}</saml:Issuer>"),
            &format!("\n  {IDP}\n</saml:Issuer>"),
        )
    });
    assert_eq!(accepted(&xml).assertion.issuer, IDP);
}

#[test]
fn the_issuer_may_name_its_format() {
    let xml = signed_after(|a| {
        replaced(
            a,
            "<saml:Issuer>",
            "<saml:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">",
        )
    });
    accepted(&xml);
}

#[test]
fn fractions_of_seconds_and_a_zero_offset_are_accepted() {
    for suffix in [".1Z", ".123Z", ".123456789012Z", "+00:00"] {
        let xml = signed_after(|a| a.replace("40Z\"", &format!("40{suffix}\"")));
        accepted(&xml);
    }
}

#[test]
fn claims_can_be_read_for_routing_before_verification() {
    let unverified = Unverified::from_base64(&base64(genuine())).unwrap();
    assert_eq!(unverified.claimed_issuer(), IDP);
    assert!(unverified.assertion_signed());
    let stripped = without(&genuine(), "ds:Signature");
    assert!(
        !Unverified::from_base64(&base64(stripped))
            .unwrap()
            .assertion_signed()
    );
}
